// Keeps the page fresh; without it, reloading by hand does the same.
"use strict";

(() => {
  const body = document.body;
  const wait = () => (body.dataset.running === "1" ? 2000 : 10000);
  let edited = false;

  document.addEventListener("input", () => { edited = true; });

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

  const show = (state) => {
    for (const [name, text] of Object.entries(state.texts)) {
      for (const place of document.querySelectorAll(`[data-live="${name}"]`)) {
        place.textContent = text;
      }
    }
    state.steps.forEach(showStep);
    // What was begun in a form is not thrown away.
    if (state.fresh !== body.dataset.fresh && !edited) {
      location.replace(location.pathname);
    }
  };

  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(body.dataset.state, { credentials: "same-origin" });
        if (answer.ok) show(await answer.json());
      } catch {
        // The program was closed: the next look finds it again, or the page says so on reload.
      }
    }
    setTimeout(look, wait());
  };

  setTimeout(look, wait());
})();
