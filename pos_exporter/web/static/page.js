// Keeps the page fresh and sounds for new orders; without it, reloading by hand shows the same.
"use strict";

(() => {
  const body = document.body;
  const wait = () => (body.dataset.running === "1" ? 2000 : 10000);
  let edited = false;

  document.addEventListener("input", () => { edited = true; });

  // --- new orders: a count in the title, and a sound for whoever asked for it ------------------

  const SEEN = "comptoir_orders_seen";
  const SOUND = "comptoir_sound";
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private */ } };
  const title = document.title;
  let known = Number(body.dataset.orders);
  let audio = null;

  const showCount = () => {
    if (kept(SEEN) === null || (body.dataset.page === "orders" && !document.hidden)) {
      keep(SEEN, String(known));
    }
    const unseen = known - Number(kept(SEEN));
    if (unseen < 0) keep(SEEN, String(known));
    document.title = unseen > 0 ? `(${unseen}) ${title}` : title;
  };

  const wake = () => {
    if (kept(SOUND) !== "1") return;
    audio = audio || new AudioContext();
    if (audio.state === "suspended") audio.resume();
  };

  const sound = () => {
    if (kept(SOUND) !== "1" || !audio || audio.state !== "running") return;
    [880, 1175].forEach((pitch, number) => {
      const from = audio.currentTime + number * 0.18;
      const tone = audio.createOscillator();
      const level = audio.createGain();
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0.25, from);
      level.gain.exponentialRampToValueAtTime(0.001, from + 0.5);
      tone.connect(level).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.5);
    });
  };

  const showSwitch = () => {
    const button = document.getElementById("sound");
    if (!button || !window.AudioContext) return;
    const on = kept(SOUND) === "1";
    button.hidden = false;
    button.textContent = on ? button.dataset.off : button.dataset.on;
    button.setAttribute("aria-pressed", String(on));
    button.onclick = () => {
      keep(SOUND, on ? "0" : "1");
      wake();
      if (!on) audio.resume().then(sound);
      showSwitch();
    };
  };

  // Browsers let a page sound only after a click in it.
  document.addEventListener("pointerdown", wake);
  document.addEventListener("visibilitychange", showCount);

  // --- what changed ----------------------------------------------------------------------------

  const showStep = (step) => {
    const item = document.querySelector(`[data-step="${step.name}"]`);
    if (!item) return;
    item.className = step.stage;
    if (step.stage === "now") item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    const stage = item.querySelector(".stage");
    if (stage.textContent !== step.text) stage.textContent = step.text;
    item.querySelector(".of").textContent = step.count;
  };

  // The page is changed in place: a new one might not sound before the next click.
  const renew = async () => {
    const address = new URL(location.href);
    address.searchParams.delete("done");
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of ["main", "header.top nav"]) {
      const now = document.querySelector(place);
      const then = next.querySelector(place);
      if (now && then) now.replaceWith(then);
    }
    Object.assign(body.dataset, next.body.dataset);
    showSwitch();
  };

  const show = async (state) => {
    for (const [name, text] of Object.entries(state.texts)) {
      for (const place of document.querySelectorAll(`[data-live="${name}"]`)) {
        place.textContent = text;
      }
    }
    state.steps.forEach(showStep);
    if (state.orders > known) sound();
    known = state.orders;
    showCount();
    // What was begun in a form is not thrown away.
    if (state.fresh !== body.dataset.fresh && !edited) await renew();
  };

  const look = async () => {
    try {
      const answer = await fetch(body.dataset.state, { credentials: "same-origin" });
      if (answer.ok) await show(await answer.json());
    } catch {
      // The program was closed: the next look finds it again, or the page says so on reload.
    }
    setTimeout(look, wait());
  };

  showCount();
  showSwitch();
  setTimeout(look, wait());
})();
