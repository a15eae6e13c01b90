/** The playground: who is writing, their chat, and the leads that come of it. */

import * as api from "./api.js";
import { online, openChat, reload, startChat, typing } from "./chat.js";
import { drawCustomers } from "./customers.js";
import { alert, askForCustomer, failed, toast } from "./dialogs.js";
import { byId } from "./dom.js";
import { startFaults } from "./faults.js";
import { startHearing } from "./hearing.js";
import { leadsAreSeen, startLeads } from "./leads.js";
import { startSalon } from "./salon.js";
import { settle } from "./presses.js";
import { startRecording } from "./recording.js";

let customers = [];
let active = null;

const refreshCustomers = api.coalesced(async () => {
  try {
    customers = await api.customers();
  } catch (error) {
    failed(error);
    return;
  }
  const stillThere = customers.some(({ id }) => id === active);
  if (!stillThere && customers.length > 0) await pick(customers[0].id);
  drawCustomers(customers, active, pick);
});

async function pick(id) {
  active = id;
  drawCustomers(customers, active, pick);
  await openChat(id, customers.find((customer) => customer.id === id)?.first_name ?? "");
  if (matchMedia("(pointer: fine)").matches && !byId("composer").hidden) byId("text").focus({ preventScroll: true });
}

async function addCustomer() {
  const details = await askForCustomer(customers.length);
  if (details === null) return;
  try {
    const { id } = await api.addCustomer(details);
    await refreshCustomers();
    await pick(id);
  } catch (error) {
    failed(error);
  }
}

function onEvent(event) {
  const isHere = event.customer === active;
  switch (event.type) {
    case "chat":
      if (isHere) reload().then(refreshCustomers);
      else refreshCustomers();
      break;
    case "typing":
      if (isHere) typing(event.until);
      break;
    case "callback_answer":
      settle(event.callback_query_id);
      if (isHere && event.text) (event.show_alert ? alert : toast)(event.text);
      break;
  }
}

function onLine(isUp) {
  online(isUp);
  if (!isUp) return;
  // Whatever happened while the line was down.
  refreshCustomers();
  reload();
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll(".view-switch")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  if (view === "leads") leadsAreSeen();
}

for (const button of document.querySelectorAll(".view-switch")) {
  button.addEventListener("click", () => show(button.dataset.view));
}
byId("new-customer").addEventListener("click", addCustomer);
startChat();
startRecording(() => active);
startLeads();
startSalon();
startHearing();
startFaults();
refreshCustomers();
api.listen("/control/events", onEvent, onLine);
