/** The stored leads: those on their way, and those whose deals stand in the pipeline. */

import * as api from "./api.js";
import { said } from "./delivery.js";
import { failed } from "./dialogs.js";
import { byId, el, icon, reconcile, setBadge } from "./dom.js";
import { showSwitches } from "./faults.js";
import { showHearing } from "./hearing.js";
import { showHints } from "./hints.js";
import { showMaxFaults } from "./max_faults.js";
import { showSalon } from "./salon.js";
import { leadCard } from "./lead_card.js";
import { exactTime, plural } from "./format.js";

const FRESH = 6_000; // milliseconds for which a lead that has just arrived stands out

const statuses = new Map();
let isFirst = true;
let hasMax = false;
let addMax = () => {};
let unseen = 0;

/** Follow the leads. `onMax` is called once it is known that there is a MAX too. */
export function startLeads({ onMax }) {
  addMax = onMax;
  api.listen("/play/events", reload, () => {});
}

/** They are on the screen now. */
export function leadsAreSeen() {
  unseen = 0;
  setBadge(byId("leads-unseen"), 0);
}

const reload = api.coalesced(async () => {
  try {
    draw(await api.leads());
  } catch (error) {
    failed(error);
  }
});

function draw({ leads, pipeline, closed, switches, hearing, salon, max }) {
  const arrived = leads.filter(({ reference }) => !statuses.has(reference));
  const open = new Set(isFirst ? leads.slice(0, 1) : arrived);
  const card = (lead) => ({
    key: lead.reference,
    signature: JSON.stringify([lead, lead.status === "delivered" ? null : closed]),
    build: (old) => leadCard(lead, { closed, isOpen: open.has(lead), old }),
  });
  const items = columns(leads, pipeline).flatMap((column) => [heading(column), ...column.leads.map(card)]);
  if (leads.length === 0) items.push({ key: "empty", signature: "", build: empty });
  reconcile(byId("leads"), items);
  byId("pipeline").textContent = pipeline.name && `Воронка «${pipeline.name}»`;
  showClosed(closed);
  showSwitches(switches);
  showHearing(hearing);
  showSalon(salon);
  showHints({ leads, switches, hearing });
  showMax(max);
  const changed = leads.filter((lead) => statuses.get(lead.reference) !== lead.status && !arrived.includes(lead));
  for (const { reference, status } of leads) statuses.set(reference, status);
  if (!isFirst && arrived.length > 0) announce(arrived);
  else if (changed.length > 0) say(said(changed[0], closed));
  isFirst = false;
}

/** The way into the CRM, the pipeline's stages, and what went to an account that is gone. */
function columns(leads, pipeline) {
  const at = (place) => leads.filter((lead) => lead.place === place);
  const stages = pipeline.stages.map(({ name, deals }) => ({
    name,
    place: "stage",
    count: plural(deals, "сделка", "сделки", "сделок"),
    leads: at("stage").filter(({ crm }) => crm.deal?.stage === name),
  }));
  const aside = [
    { name: "В пути", place: "way", leads: at("way") },
    { name: "Из прошлого запуска", place: "earlier", leads: at("earlier") },
  ].map((column) => ({ ...column, count: plural(column.leads.length, "заявка", "заявки", "заявок") }));
  return [aside[0], ...stages, aside[1]].filter((column) => column.leads.length > 0 || stages.includes(column));
}

function heading({ name, place, count }) {
  return {
    key: `column ${name}`,
    signature: count,
    build: () => el("h3", { class: "column", data: { place } }, name, " ", el("span", {}, count)),
  };
}

function showClosed(closed) {
  const text = closed ? `Бот не обращается к amoCRM до\u00a0${exactTime(closed.until)}: ${closed.reason}` : "";
  const line = byId("closed");
  line.hidden = !closed;
  if (line.textContent !== text) line.textContent = text;
}

function showMax(max) {
  if (max === null) return;
  if (!hasMax) addMax();
  hasMax = true;
  showMaxFaults(max);
}

const say = (text) => (byId("leads-said").textContent = text);

function announce(arrived) {
  for (const { reference } of arrived) {
    const card = () => byId("leads").querySelector(`[data-key="${CSS.escape(reference)}"]`);
    card().classList.add("fresh", "arrived");
    // By the end of it the card has been drawn anew, with what was made in the CRM: still fresh, but not arriving again.
    setTimeout(() => card()?.classList.remove("fresh"), FRESH);
  }
  byId("leads").scrollTo({ top: 0 });
  say(`Пришла ${plural(arrived.length, "заявка", "заявки", "заявок")}: ${arrived[0].reference}`);
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
