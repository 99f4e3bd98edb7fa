"""Every text of the page, in French and English, under one key each; `{name}` stands for a fact.

A key of a state, a role or an exit code is that name with its family in front: `word_late`.
Nothing else in the page words a sentence; what errors say comes worded from `protocol.errors`.

    TEXTS["sync"].fr                  # "Synchroniser"
    NOUNS["stock"][1].fr              # "stocks"
"""

from protocol.errors import Text

TEXTS: dict[str, Text] = {
    # --- frame
    "title": Text("Synchronisation de la boutique", "Shop synchronisation"),
    "skip": Text("Aller au contenu", "Skip to content"),
    "nav": Text("Pages", "Pages"),
    "nav_home": Text("Accueil", "Home"),
    "nav_set_aside": Text("À corriger", "To correct"),
    "nav_orders": Text("Commandes", "Orders"),
    "nav_cases": Text("Cas à voir", "To look at"),
    "nav_why": Text("Pourquoi ?", "Why?"),
    "nav_help": Text("Aide", "Help"),
    "language": Text("Langue", "Language"),
    "footer": Text(
        "Cette page n'existe que sur cet ordinateur.", "This page exists on this computer only."
    ),
    # --- state
    "word_up_to_date": Text("À jour", "Up to date"),
    "word_late": Text("En retard", "Late"),
    "word_broken": Text("En panne", "Broken"),
    "word_paused": Text("En pause", "Paused"),
    "word_action_required": Text("Action requise", "Action required"),
    "word_never_ran": Text("Pas encore synchronisé", "Not synchronised yet"),
    "why_ok": Text(
        "La caisse et le site se parlent normalement.", "Till and site are talking normally."
    ),
    "why_never_ran": Text(
        "Aucune synchronisation n'a encore eu lieu.", "No synchronisation has taken place yet."
    ),
    "why_paused": Text(
        "La synchronisation est suspendue à votre demande.",
        "Synchronisation is suspended at your request.",
    ),
    "why_person": Text(
        "La synchronisation attend votre décision. Rien n'a été envoyé depuis.",
        "Synchronisation waits for your decision. Nothing was sent since.",
    ),
    "why_settings": Text(
        "Un réglage est à corriger avant de continuer.",
        "A setting must be corrected before going on.",
    ),
    "why_stream_stopped": Text(
        "La liaison avec le site est arrêtée par sécurité. Voir les messages de la liaison.",
        "The link with the site is stopped for safety. See the link's messages.",
    ),
    "why_fatal": Text(
        "La synchronisation ne peut plus travailler. Appelez votre intégrateur.",
        "Synchronisation can work no more. Call your integrator.",
    ),
    "why_unexpected": Text(
        "La dernière synchronisation s'est arrêtée sur une erreur imprévue.",
        "The last synchronisation stopped on an unexpected error.",
    ),
    "why_failing": Text(
        "Plusieurs synchronisations de suite ont échoué. Vos ventes ne sont pas perdues : elles "
        "partiront dès que la liaison sera rétablie.",
        "Several synchronisations failed in a row. Your sales are not lost: they leave as soon as "
        "the link is back.",
    ),
    "why_retrying": Text(
        "La dernière synchronisation n'a pas abouti ; la prochaine reprendra où elle en était.",
        "The last synchronisation did not get through; the next one goes on from there.",
    ),
    "why_more_to_do": Text(
        "Il reste à envoyer ; la prochaine synchronisation continuera.",
        "There is more to send; the next synchronisation goes on.",
    ),
    "why_interrupted": Text(
        "La dernière synchronisation a été interrompue ; la prochaine reprendra.",
        "The last synchronisation was interrupted; the next one goes on.",
    ),
    "why_robot_late": Text(
        "Le robot est en retard sur son rythme.", "The robot is behind its interval."
    ),
    "why_robot_silent": Text(
        "Le robot ne travaille plus. Vérifiez que ce programme reste ouvert.",
        "The robot has stopped working. Check that this program stays open.",
    ),
    "why_site_late": Text(
        "Le site n'a pas donné signe de vie à l'heure prévue.",
        "The site has not been heard from when expected.",
    ),
    "why_site_silent": Text(
        "Le site ne répond plus depuis longtemps. Ce qui est envoyé l'attend sur le serveur.",
        "The site has not answered for long. What is sent waits for it on the server.",
    ),
    "why_recovering": Text(
        "Reprise en cours : la caisse et le site se remettent d'accord.",
        "Recovering: till and site are coming back into step.",
    ),
    "why_held": Text(
        "Des changements attendent votre accord. Le reste continue.",
        "Changes wait for your agreement. Everything else goes on.",
    ),
    "why_orders_lost": Text(
        "La caisse n'a plus des commandes qu'elle avait : sa base a sans doute été restaurée. Le "
        "site garde leur stock réservé.",
        "The till has no longer some orders that it had: its database was probably restored. The "
        "site keeps their stock reserved.",
    ),
    # --- held classes
    "held_title": Text("Votre accord est demandé", "Your agreement is asked for"),
    "held_count": Text("{changes} sur {of}", "{changes} of {of}"),
    "held_more": Text("… et {changes} de plus", "… and {changes} more"),
    "held_since": Text("depuis", "since"),
    "held_sure": Text("J'ai regardé : c'est bien ce que je veux", "I have looked: I want this"),
    "held_yes": Text("Oui, c'est voulu", "Yes, it is meant"),
    "held_note": Text(
        "Votre oui vaut une fois, pendant 24 heures.", "Your yes counts once, for 24 hours."
    ),
    "yes_deactivations": Text(
        "Un oui retire ces articles du site. Si ce n'est pas voulu, remettez-les en vente à la "
        "caisse : d'ici là, ils restent en ligne.",
        "A yes takes these articles off the site. If it is not meant, put them on sale again at "
        "the till: until then, they stay online.",
    ),
    "yes_sellables": Text(
        "Un oui met le stock de ces tailles à 0 sur le site. Si ce n'est pas voulu, remettez-les à "
        "la caisse : d'ici là, rien ne change.",
        "A yes brings the stock of these sizes to 0 on the site. If it is not meant, put them back "
        "at the till: until then, nothing changes.",
    ),
    "yes_prices": Text(
        "Un oui change ces prix sur le site. Si ce n'est pas voulu, corrigez-les à la caisse : "
        "d'ici là, le site garde les anciens.",
        "A yes changes these prices on the site. If it is not meant, correct them at the till: "
        "until then, the site keeps the old ones.",
    ),
    "yes_price": Text(
        "Un oui change ce prix sur le site. Si ce n'est pas voulu, corrigez-le à la caisse : "
        "d'ici là, le site garde l'ancien.",
        "A yes changes this price on the site. If it is not meant, correct it at the till: until "
        "then, the site keeps the old one.",
    ),
    "yes_edits": Text(
        "Un oui garde ces textes comme ceux du site. Si personne ne les a changés, parlez-en à "
        "l'équipe web : d'ici là, rien n'est écrasé.",
        "A yes keeps these texts as the site's own. If nobody changed them, ask the web team: "
        "until then, nothing is overwritten.",
    ),
    "yes_first-load": Text(
        "Un oui crée ces articles sur le site. D'ici là, le site reste comme il est.",
        "A yes creates these articles on the site. Until then, the site stays as it is.",
    ),
    "yes_shrunken-read": Text(
        "Un oui envoie cette lecture telle quelle. Si ce n'est pas voulu, vérifiez la caisse : "
        "d'ici là, rien n'est envoyé.",
        "A yes sends this reading as it is. If it is not meant, check the till: until then, "
        "nothing is sent.",
    ),
    "yes_other": Text("Un oui laisse passer ces changements.", "A yes lets these changes through."),
    "held_approved": Text("Vous avez dit oui ; valable jusqu'à", "You said yes; it counts until"),
    "held_deactivations": Text("articles à retirer du site", "articles to take off the site"),
    "held_sellables": Text(
        "tailles qui disparaîtraient du site", "sizes that would vanish from the site"
    ),
    "held_prices": Text("prix à changer", "prices to change"),
    "held_price": Text("un prix qui change beaucoup", "a price that moves by much"),
    "held_edits": Text("textes changés sur le site", "texts changed on the site"),
    "held_first-load": Text("premier chargement du site", "first load of the site"),
    "held_shrunken-read": Text("lecture suspecte de la caisse", "suspicious reading of the till"),
    "held_other": Text("changements retenus", "changes held"),
    # --- why
    "why_question": Text(
        "Pourquoi cet article n'est-il pas en ligne ?", "Why is this article not online?"
    ),
    "why_label": Text("Référence ou code-barres", "Reference or bar code"),
    "why_ask": Text("Chercher", "Search"),
    "why_stock": Text("Stock, tel qu'envoyé", "Stock, as sent"),
    "why_till_figure": Text("Caisse", "Till"),
    "why_counted": Text("Web déjà comptées", "Web units counted"),
    "why_buffer": Text("Réserve", "Buffer"),
    "why_at_site": Text("Site", "Site"),
    "why_history": Text("Derniers changements", "Latest changes"),
    "why_packet": Text("paquet", "packet"),
    "mark_ok": Text("oui", "yes"),
    "mark_no": Text("non", "no"),
    "mark_wait": Text("en attente", "waiting"),
    "mark_note": Text("à savoir", "to know"),
    "fate_applied": Text("appliqué", "applied"),
    "fate_unchanged": Text("déjà ainsi", "already so"),
    "fate_superseded": Text("remplacé", "replaced"),
    "fate_waiting": Text("en attente", "waiting"),
    "fate_refused": Text("refusé", "refused"),
    "fate_held": Text("retenu", "held"),
    "fate_edited_on_site": Text("modifié sur le site", "edited on the site"),
    "fate_none": Text("pas encore de réponse", "no answer yet"),
    # --- home
    "sync": Text("Synchroniser", "Synchronise"),
    "sync_running": Text(
        "Une synchronisation est en cours : le bouton revient dès qu'elle est finie.",
        "A synchronisation is running: the button comes back when it has ended.",
    ),
    "sync_hint": Text(
        "Reçoit les commandes, lit la caisse, envoie les changements.",
        "Receives orders, reads the till, sends what changed.",
    ),
    "last_run": Text("Dernière synchronisation", "Last synchronisation"),
    "next_run": Text("Prochaine", "Next"),
    "never": Text("jamais", "never"),
    "by_hand": Text("quand vous cliquez (robot arrêté)", "when you click (robot off)"),
    "paused_until": Text("Pause jusqu'à", "Paused until"),
    "stock_paused_until": Text(
        "Inventaire : les stocks restent ici jusqu'à", "Inventory: stock stays here until"
    ),
    "progress": Text("Synchronisation en cours", "Synchronisation under way"),
    "step_receive": Text("Réponses et commandes du site", "The site's answers and orders"),
    "step_read": Text("Lecture de la caisse", "Reading the till"),
    "step_send": Text("Envoi", "Sending"),
    "step_site": Text(
        "Traitement par le site (en attente de l'agent)", "The site's turn (waiting for its agent)"
    ),
    "step_done": Text("fait", "done"),
    "step_now": Text("en cours", "under way"),
    "step_todo": Text("à venir", "to come"),
    "step_count": Text("{done} sur {total}", "{done} of {total}"),
    "result_0": Text("Synchronisation réussie : {what}", "Synchronisation done: {what}"),
    "result_3": Text(
        "Synchronisation réussie : {what} ; {lines} à corriger",
        "Synchronisation done: {what}; {lines} to correct",
    ),
    "result_gone": Text("dont {gone}", "of which {gone}"),
    "result_nothing": Text("rien de nouveau", "nothing new"),
    "result_2": Text("Pas de synchronisation : réglage à corriger", "Not run: a setting is wrong"),
    "result_5": Text(
        "Synchronisation non aboutie, nouvel essai au prochain passage",
        "Synchronisation did not get through, the next pass tries again",
    ),
    "result_6": Text(
        "Synchronisation arrêtée : elle attend votre décision",
        "Synchronisation stopped: it waits for your decision",
    ),
    "result_7": Text("Synchronisation impossible", "Synchronisation impossible"),
    "result_8": Text(
        "Synchronisation partielle : {what} ; la suite au prochain passage",
        "Part of the synchronisation done: {what}; the next pass goes on",
    ),
    "result_130": Text("Synchronisation interrompue", "Synchronisation interrupted"),
    "result_other": Text(
        "Synchronisation arrêtée sur une erreur", "Synchronisation stopped on an error"
    ),
    "to_do": Text("Que faire", "What to do"),
    "colon": Text(" :", ":"),
    "contact": Text("Besoin d'aide :", "Need help:"),
    # --- the road to the site
    "site": Text("Du côté du site", "On the site's side"),
    "site_note": Text(
        "Envoyé ne veut pas dire appliqué : le site travaille à son heure, puis répond.",
        "Sent is not applied: the site works at its own time, then answers.",
    ),
    "site_all_answered": Text(
        "Le site a répondu pour tout ce qui a été envoyé.",
        "The site has answered for all that was sent.",
    ),
    "site_unanswered": Text(
        "{lines} en attente du programme du site", "{lines} waiting for the site's program"
    ),
    "site_to_send": Text("à envoyer d'ici", "still to be sent from here"),
    "site_on_the_way": Text("envoyés, pas encore reçus par le site", "sent, not yet received"),
    "site_heard": Text("Dernier signe du site", "Site last heard from"),
    "site_expected": Text("Prochain signe attendu avant", "Next word expected by"),
    # --- counters
    "counters": Text("En chiffres", "In figures"),
    "count_articles": Text("articles suivis", "articles followed"),
    "count_stocks": Text("stocks suivis", "stocks followed"),
    "count_to_correct": Text("à corriger", "to correct"),
    "count_orders_open": Text("commandes à traiter", "orders to deal with"),
    "count_orders_imported": Text("commandes en caisse", "orders in the till"),
    # --- robot
    "robot": Text("Robot", "Robot"),
    "robot_on": Text("Synchroniser automatiquement", "Synchronise automatically"),
    "robot_every": Text("Toutes les", "Every"),
    "robot_from": Text("De", "From"),
    "robot_to": Text("à", "to"),
    "robot_hours_hint": Text(
        "Laisser les heures vides : jour et nuit.", "Leave the hours empty: day and night."
    ),
    "robot_save": Text("Enregistrer", "Save"),
    "robot_is_on": Text("en marche", "on"),
    "robot_is_off": Text("arrêté", "off"),
    "robot_note": Text(
        "Le robot travaille tant que ce programme reste ouvert.",
        "The robot works as long as this program stays open.",
    ),
    "minutes": Text("{n} min", "{n} min"),
    "hours": Text("{n} h", "{n} h"),
    # --- what was just done
    "done_robot": Text("Réglage du robot enregistré.", "The robot's setting is saved."),
    "done_approved": Text(
        "Votre oui est noté. Une synchronisation l'emporte.",
        "Your yes is noted. A synchronisation takes it along.",
    ),
    "done_sync": Text("Synchronisation lancée.", "Synchronisation started."),
    "done_busy": Text(
        "Une synchronisation était déjà en cours.", "A synchronisation was already running."
    ),
    # --- link
    "notices": Text("Messages de la liaison", "The link's messages"),
    "notice_last": Text("dernière fois", "last"),
    # --- cases
    "cases_none": Text("Aucun cas à voir. Tout va bien.", "Nothing to look at. All is well."),
    "cases_intro": Text(
        "Le site demande votre avis. Rien n'est bloqué : chaque cas disparaît de lui-même quand il "
        "est réglé.",
        "The site asks what you think. Nothing is held up: each case goes away by itself when it "
        "is settled.",
    ),
    "cases_see": Text("Voir les cas", "See the cases"),
    "count_cases": Text("cas à voir", "cases to look at"),
    "case_oversale": Text("Vendu de trop", "Oversold"),
    "case_negative_at_till": Text("Stock négatif à la caisse", "Negative stock at the till"),
    "case_unpaid": Text("Commande impayée", "Unpaid order"),
    "case_refunded_uncounted": Text(
        "Annulée sur le site, pas à la caisse", "Cancelled on the site, not at the till"
    ),
    "case_unknown_state": Text("Commande dans un état inconnu", "Order in an unknown state"),
    "case_unlinked_line": Text("Commande d'un article inconnu", "Order of an article nobody knows"),
    "case_mail_uncertain": Text("E-mail incertain", "Uncertain e-mail"),
    "case_shop_restored": Text("Site restauré", "Site restored"),
    "case_order_deleted": Text("Commande supprimée", "Order deleted"),
    "case_left_out": Text(
        "Laissée hors de la caisse et expédiée", "Left out of the till and shipped"
    ),
    "case_totals": Text("Commande qui ne tombe pas juste", "Order that does not add up"),
    "verb_release": Text("Remettre en vente", "Put back on sale"),
    "verb_dismiss": Text("J'ai vu", "I have seen it"),
    "verb_resend": Text("Renvoyer l'e-mail", "Send the e-mail again"),
    "verb_note_release": Text(
        "Le site pourra vendre de nouveau ces articles.", "The site may sell these articles again."
    ),
    "verb_note_dismiss": Text(
        "Le cas se referme ; il revient si quelque chose change.",
        "The case closes; it comes back if something changes.",
    ),
    "verb_note_resend": Text(
        "Le client recevra l'e-mail, peut-être une seconde fois.",
        "The customer gets the e-mail, perhaps a second time.",
    ),
    "case_answered": Text("Réponse envoyée :", "Answer sent:"),
    "case_answered_note": Text(
        "Le site s'en occupe à son prochain passage.", "The site sees to it at its next pass."
    ),
    "done_answered": Text(
        "Votre réponse est notée. Une synchronisation l'emporte.",
        "Your answer is noted. A synchronisation takes it along.",
    ),
    # --- set aside
    "set_aside_intro": Text(
        "Une ligne mise de côté ne bloque jamais les autres. Corrigez-la dans la caisse, puis "
        "cliquez sur Synchroniser : elle disparaît d'elle-même.",
        "A line set aside never blocks the others. Correct it at the till, then click "
        "Synchronise: it goes away by itself.",
    ),
    "set_aside_none": Text("Rien à corriger. Tout va bien.", "Nothing to correct. All is well."),
    "set_aside_see": Text("Voir tout", "See all"),
    "group_withheld": Text("Retenu à la caisse", "Kept back at the till"),
    "group_refused": Text("Refusé par le site", "Refused by the site"),
    "group_held": Text("En attente de votre accord", "Waiting for your agreement"),
    "group_edited_on_site": Text("Modifié à la main sur le site", "Edited by hand on the site"),
    "group_note": Text("Corrigé à l'envoi", "Mended on sending"),
    "group_waiting": Text("Le site attend un autre élément", "The site waits for something else"),
    "note_withheld": Text(
        "Pas encore envoyé : la fiche est à corriger dans la caisse.",
        "Not sent yet: the entry must be corrected at the till.",
    ),
    "note_refused": Text(
        "Envoyé, mais le site n'a pas pu l'appliquer.", "Sent, but the site could not apply it."
    ),
    "note_held": Text(
        "Un changement de grande ampleur : rien ne se fait sans vous.",
        "A change of great extent: nothing is done without you.",
    ),
    "note_edited_on_site": Text(
        "Pour information : le texte du site est gardé.", "For information: the site's text stays."
    ),
    "note_note": Text(
        "Envoyé, mais pas tout à fait comme à la caisse ; rien n'est bloqué.",
        "Sent, though not quite as it stands at the till; nothing is held up.",
    ),
    "note_waiting": Text(
        "Rien à faire : cela se règle seul.", "Nothing to do: it settles by itself."
    ),
    "col_what": Text("Fiche", "Entry"),
    "col_problem": Text("Ce qui ne va pas", "What is wrong"),
    "col_remedy": Text("Que faire", "What to do"),
    "col_since": Text("Depuis", "Since"),
    "col_code": Text("Code", "Code"),
    "value_found": Text("Valeur lue :", "Value read:"),
    "value_on_site": Text("Texte du site :", "The site's text:"),
    "ignored_lines": Text(
        "{lines} ignorée(s) à votre demande, comptée(s) nulle part.",
        "{lines} ignored at your request, counted nowhere.",
    ),
    "more_lines": Text(
        "{lines} de plus, non affichées ici : « pos-exporter quarantine list » les montre toutes.",
        "{lines} more, not shown here: « pos-exporter quarantine list » shows them all.",
    ),
    # --- orders
    "orders_intro": Text(
        "Les commandes de la boutique en ligne, les plus récentes d'abord.",
        "The online shop's orders, the newest first.",
    ),
    "orders_none": Text("Aucune commande reçue pour l'instant.", "No order received yet."),
    "col_reference": Text("Commande", "Order"),
    "col_placed": Text("Passée le", "Placed"),
    "col_total": Text("Total TTC", "Total with tax"),
    "col_role": Text("Sur le site", "At the shop"),
    "col_till": Text("En caisse", "At the till"),
    "till_key": Text("n° {key}", "no. {key}"),
    "role_unset": Text("en cours d'enregistrement", "being recorded"),
    "role_awaiting_payment": Text("en attente de paiement", "awaiting payment"),
    "role_paid": Text("payée", "paid"),
    "role_payable_on_delivery": Text("à payer à la livraison", "payable on delivery"),
    "role_preparing": Text("en préparation", "being prepared"),
    "role_shipped": Text("expédiée", "shipped"),
    "role_delivered": Text("livrée", "delivered"),
    "role_backorder_paid": Text("payée, à réapprovisionner", "paid, to be restocked"),
    "role_backorder_unpaid": Text("non payée, à réapprovisionner", "unpaid, to be restocked"),
    "role_payment_error": Text("paiement refusé", "payment refused"),
    "role_cancelled": Text("annulée", "cancelled"),
    "role_refunded": Text("remboursée", "refunded"),
    "role_dead": Text("abandonnée", "given up"),
    "role_unknown": Text("état inconnu", "unknown state"),
    "order_new": Text("à entrer", "to be entered"),
    "order_waiting": Text("en attente", "waiting"),
    "order_refused": Text("refusée", "refused"),
    "order_imported": Text("entrée", "entered"),
    "order_doubt": Text("en doute", "in doubt"),
    "order_closed": Text("sans suite", "closed"),
    "order_ignored": Text("laissée de côté", "left out"),
    "order_title": Text("Commande {reference}", "Order {reference}"),
    "order_lines": Text("Articles", "Articles"),
    "order_units": Text("Quantité", "Units"),
    "order_refunded": Text("dont {units} remboursé(s)", "{units} of them refunded"),
    "order_unit_price": Text("Prix TTC", "Price with tax"),
    "order_shipping": Text("Port", "Carriage"),
    "order_wrapping": Text("Emballage cadeau", "Gift wrapping"),
    "order_discounts": Text("Remises", "Discounts"),
    "order_delivery": Text("Livraison", "Delivery"),
    "order_carrier": Text("Transporteur", "Carrier"),
    "order_customer": Text("Client", "Customer"),
    "order_paid_by": Text("Paiement", "Payment"),
    "order_note": Text("Message du client", "The customer's message"),
    "order_gift": Text("Message du cadeau", "Gift message"),
    "order_wiped": Text(
        "Le détail de cette commande a été effacé : la caisse l'a depuis plus de 30 jours.",
        "The details of this order were wiped: the till has had it for more than 30 days.",
    ),
    "order_say_taken": Text("La caisse l'a", "The till has it"),
    "order_say_resend": Text("La renvoyer", "Send it again"),
    "order_say_ignore": Text("Ne pas l'entrer", "Leave it out"),
    "done_order_answered": Text(
        "C'est noté. Une synchronisation commence.", "Noted. A synchronisation begins."
    ),
    "done_reimport": Text(
        "Ces commandes rentrent en caisse, chacune une fois.",
        "These orders enter the till again, each once.",
    ),
    "lost_title": Text("La caisse a perdu {orders}", "The till has lost {orders}"),
    "lost_note": Text(
        "Sa base a sans doute été restaurée. Rien n'est perdu : elles sont gardées ici, et le site "
        "ne vend pas leurs articles. Un clic les remet toutes, chacune une fois ; celle que vous "
        "avez supprimée exprès : « Ne pas l'entrer », dans la liste.",
        "Its database was probably restored. Nothing is lost: they are kept here, and the site "
        "does not sell their goods. One click puts all of them back, each once; one that you "
        "deleted on purpose: « Leave it out », in the list.",
    ),
    "lost_button": Text("Les remettre en caisse", "Put them into the till again"),
    "picking": Text("Liste de préparation", "Picking list"),
    "picking_none": Text("Rien à préparer.", "Nothing to pick."),
    "picking_intro": Text(
        "Les commandes payées et pas encore expédiées. Imprimer : Ctrl-P.",
        "Orders that are paid and not shipped yet. To print: Ctrl-P.",
    ),
    "picking_shelves": Text("À prendre en rayon", "To fetch from the shelves"),
    "picking_place": Text("Rayon", "Shelf"),
    "picking_done": Text("Pris", "Done"),
    "sound_on": Text("Sonner à chaque commande", "Sound for each order"),
    "sound_off": Text("Ne plus sonner", "No more sound"),
    "order_other": Text("état inconnu", "unknown state"),
    "more_orders": Text("{orders} de plus, plus anciennes.", "{orders} more, older ones."),
    # --- help
    "help_button": Text("Le bouton Synchroniser", "The Synchronise button"),
    "help_button_text": Text(
        "Il relève les réponses et les commandes du site, lit la caisse, envoie ce qui a changé ; "
        "le site travaille ensuite de son côté. Vous pouvez cliquer autant que vous voulez : rien "
        "n'est envoyé deux fois.",
        "It fetches the site's answers and orders, reads the till and sends what changed; the site "
        "then works on its own. Click as often as you like: nothing is sent twice.",
    ),
    "help_site": Text("Pourquoi « en attente du site » ?", "Why « waiting for the site »?"),
    "help_site_text": Text(
        "Deux programmes travaillent chacun à son heure : celui-ci sur votre ordinateur, l'autre "
        "chez l'hébergeur du site. Ils se laissent des messages. Tant que l'autre n'a pas "
        "répondu, nous ne disons pas que c'est fait.",
        "Two programs work, each at its own time: this one on your computer, the other at the "
        "site's host. They leave each other messages. Until the other has answered, we do not "
        "say that it is done.",
    ),
    "help_words": Text("Les mots et les couleurs", "Words and colours"),
    "help_up_to_date": Text("Rien à faire.", "Nothing to do."),
    "help_late": Text(
        "Attendez un passage ou deux : cela se rattrape seul.",
        "Wait for a pass or two: it catches up by itself.",
    ),
    "help_broken": Text(
        "Vérifiez la connexion Internet, puis appelez de l'aide.",
        "Check the Internet connection, then call for help.",
    ),
    "help_paused": Text(
        "Vous l'avez demandé ; tout repart à l'heure dite.", "You asked for it; it resumes then."
    ),
    "help_action_required": Text(
        "Lisez le message : il dit quoi faire.", "Read the message: it says what to do."
    ),
    "help_never_ran": Text(
        "Cliquez sur Synchroniser pour commencer.", "Click Synchronise to begin."
    ),
    "help_sales": Text("Mes ventes sont-elles perdues ?", "Are my sales lost?"),
    "help_sales_text": Text(
        "Non. La caisse n'est jamais modifiée par l'envoi, et ce qui n'est pas parti partira au "
        "prochain passage.",
        "No. Sending never changes the till, and what has not left leaves with the next pass.",
    ),
    "help_integrator": Text("Pour l'intégrateur", "For the integrator"),
    "help_integrator_text": Text(
        "« pos-exporter doctor » vérifie tout, « pos-exporter status » dit ce que dit cette page, "
        "« pos-exporter why RÉFÉRENCE » explique un article.",
        "« pos-exporter doctor » checks everything, « pos-exporter status » says what this page "
        "says, « pos-exporter why REFERENCE » explains an article.",
    ),
    "version": Text("Version", "Version"),
    # --- times
    "now": Text("à l'instant", "just now"),
    "ago": Text("il y a {span}", "{span} ago"),
    "soon": Text("maintenant", "now"),
    "in": Text("dans {span}", "in {span}"),
    "span_min": Text("{n} min", "{n} min"),
    "span_h": Text("{n} h", "{n} h"),
    "span_d": Text("{n} j", "{n} d"),
    # --- refusals
    "error_title": Text("Page non disponible", "Page not available"),
    "error_404": Text("Cette page n'existe pas.", "There is no such page."),
    "error_other": Text(
        "La page n'a pas pu répondre ({status}).", "The page could not answer ({status})."
    ),
    "error_back": Text("Retour à l'accueil", "Back to home"),
}

#: One and many, for counted things. French counts 0 and 1 as one.
NOUNS: dict[str, tuple[Text, Text]] = {
    "stock": (Text("stock", "stock"), Text("stocks", "stocks")),
    "price": (Text("prix", "price"), Text("prix", "prices")),
    "article": (Text("fiche article", "article"), Text("fiches article", "articles")),
    "variant": (Text("déclinaison", "variant"), Text("déclinaisons", "variants")),
    "photo": (Text("photo", "photo"), Text("photos", "photos")),
    "category": (Text("catégorie", "category"), Text("catégories", "categories")),
    "brand": (Text("marque", "brand"), Text("marques", "brands")),
    "tax_rate": (Text("taux de TVA", "VAT rate"), Text("taux de TVA", "VAT rates")),
    "order_progress": (
        Text("avancement de commande", "order's progress"),
        Text("avancements de commandes", "orders' progress"),
    ),
    "shipment": (Text("colis", "parcel"), Text("colis", "parcels")),
    "axis": (Text("attribut", "option"), Text("attributs", "options")),
    "axis_value": (
        Text("valeur d'attribut", "option value"),
        Text("valeurs d'attribut", "option values"),
    ),
    "feature": (Text("caractéristique", "feature"), Text("caractéristiques", "features")),
    "feature_value": (
        Text("valeur de caractéristique", "feature value"),
        Text("valeurs de caractéristique", "feature values"),
    ),
    "supplier": (Text("fournisseur", "supplier"), Text("fournisseurs", "suppliers")),
    "price_list": (Text("liste de prix", "price list"), Text("listes de prix", "price lists")),
    "list_price": (Text("prix de liste", "list price"), Text("prix de liste", "list prices")),
    "promotion": (Text("promotion", "promotion"), Text("promotions", "promotions")),
    "policy": (Text("réglage", "setting"), Text("réglages", "settings")),
    "gone": (Text("retrait", "removal"), Text("retraits", "removals")),
    "order": (Text("commande", "order"), Text("commandes", "orders")),
    "line": (Text("ligne", "line"), Text("lignes", "lines")),
    "change": (Text("changement", "change"), Text("changements", "changes")),
    "time": (Text("fois", "time"), Text("fois", "times")),
    "record": (Text("élément", "record"), Text("éléments", "records")),
}
