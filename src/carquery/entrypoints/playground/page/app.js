/** The playground: the chats, and the leads that come of them. */

import { el } from "./dom.js";
import { startFaults } from "./faults.js";
import { startHearing } from "./hearing.js";
import { leadsAreSeen, startLeads } from "./leads.js";
import { startMaxFaults } from "./max_faults.js";
import { MAX, TELEGRAM, placeChat } from "./messenger.js";
import { startPanel } from "./panel.js";
import { startSalon } from "./salon.js";

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll(".view-switch")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  if (view === "leads") leadsAreSeen();
}

/** The second chat: its place, its part in what a phone can show, and its faults. */
function addMax() {
  placeChat(MAX);
  const telegram = document.querySelector('.view-switch[data-view="chat"]');
  telegram.textContent = TELEGRAM.name;
  const properties = { type: "button", class: "view-switch", data: { view: "max" }, "aria-pressed": "false" };
  telegram.after(el("button", { ...properties, onclick: () => show("max") }, MAX.name));
  document.body.classList.add("two-chats");
  startPanel(MAX);
  startMaxFaults(MAX.api);
}

for (const button of document.querySelectorAll(".view-switch")) {
  button.addEventListener("click", () => show(button.dataset.view));
}
startPanel(TELEGRAM, { focuses: true });
startLeads({ onMax: addMax });
startSalon();
startHearing();
startFaults();
