/** The stored leads, as a manager sees them. */

import * as api from "./api.js";
import { failed } from "./dialogs.js";
import { byId, el, icon, reconcile, setBadge } from "./dom.js";
import { leadCard } from "./lead_card.js";
import { plural } from "./format.js";

const FRESH = 6_000; // milliseconds for which a lead that has just arrived stands out

const seen = new Set();
let isFirst = true;
let unseen = 0;

/** Follow the leads. */
export function startLeads() {
  api.listen("/play/events", reload, () => {});
}

/** They are on the screen now. */
export function leadsAreSeen() {
  unseen = 0;
  setBadge(byId("leads-unseen"), 0);
}

const reload = api.coalesced(async () => {
  try {
    draw((await api.leads()).leads);
  } catch (error) {
    failed(error);
  }
});

function draw(leads) {
  const items = leads.map((lead) => ({
    key: lead.reference,
    signature: JSON.stringify(lead),
    build: (old) => leadCard(lead, old),
  }));
  if (leads.length === 0) items.push({ key: "empty", signature: "", build: empty });
  reconcile(byId("leads"), items);
  byId("leads-count").textContent = leads.length > 0 ? String(leads.length) : "";
  const arrived = leads.filter(({ reference }) => !seen.has(reference));
  arrived.forEach(({ reference }) => seen.add(reference));
  if (!isFirst && arrived.length > 0) announce(arrived);
  isFirst = false;
}

function announce(arrived) {
  for (const { reference } of arrived) {
    const card = () => byId("leads").querySelector(`[data-key="${CSS.escape(reference)}"]`);
    card().classList.add("fresh");
    // By the end of it the card has been drawn anew, with what was made in the CRM.
    setTimeout(() => card()?.classList.remove("fresh"), FRESH);
  }
  byId("leads").scrollTo({ top: 0 });
  byId("leads-said").textContent = `Пришла ${plural(arrived.length, "заявка", "заявки", "заявок")}: ${arrived[0].reference}`;
  if (byId("leads").checkVisibility()) return;
  unseen += arrived.length;
  setBadge(byId("leads-unseen"), unseen);
}

function empty() {
  return el(
    "div",
    { class: "no-leads" },
    icon("inbox"),
    el("h3", {}, "Заявок пока нет"),
    el("p", {}, "Заполните форму в чате. Через секунду заявка появится здесь – с контактом, сделкой и задачей менеджеру."),
  );
}
