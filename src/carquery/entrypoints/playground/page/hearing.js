/** Who understood the last free message, and how the emulated OpenAI behaves. */

import * as api from "./api.js";
import { failed } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { plural } from "./format.js";

const MOODS = [
  { mood: "works", label: "отвечает" },
  { mood: "slow", label: "медленно: дольше, чем ждёт бот" },
  { mood: "error", label: "ошибка 500" },
  { mood: "busy", label: "429: слишком много запросов" },
  { mood: "broken", label: "сломанный JSON" },
  { mood: "unsure", label: "не уверен" },
  { mood: "refuses", label: "отказывается отвечать" },
  { mood: "closed", label: "не пускает (403)" },
];

const OUTCOMES = {
  answered: "ответ принят",
  unsure: "нет уверенности",
  timed_out: "время вышло",
  unavailable: "ошибка",
  busy: "слишком много запросов",
  closed: "доступ закрыт",
  refused: "отказ",
  unusable: "ответ не годится",
};

/** Draw the panel. */
export function startHearing() {
  const choice = el("select", { id: "mood", onchange: choose }, MOODS.map(({ mood, label }) => el("option", { value: mood }, label)));
  byId("hearing").append(
    el("div", { class: "faults-group" }, el("label", { class: "mishap-target" }, el("span", {}, "OpenAI"), choice)),
    el("div", { class: "story", id: "story" }),
  );
  tell(null);
}

/** Show how OpenAI behaves, and what became of the last message. */
export function showHearing({ mood, last }) {
  const choice = byId("mood");
  if (choice.value !== mood && document.activeElement !== choice) choice.value = mood;
  const state = last === null ? (mood === "works" ? "OpenAI отвечает" : "OpenAI со сбоем") : `понято: ${name(last.asked.at(-1).name)}`;
  const line = byId("hearing-state");
  line.classList.toggle("on", mood !== "works");
  if (line.textContent !== state) line.textContent = state;
  const story = byId("story");
  const signature = JSON.stringify(last);
  if (story.dataset.signature === signature) return;
  story.dataset.signature = signature;
  tell(last);
}

function tell(last) {
  const story = byId("story");
  if (last === null) {
    story.replaceChildren(el("p", { class: "story-hint" }, "Напишите боту своими словами, например: «продаю камри 2018, пробег 120к, хочу 2 ляма»."));
    return;
  }
  const stated = last.stated.map(([title, value]) => el("li", {}, el("span", {}, title), value));
  story.replaceChildren(
    el("ol", { class: "story-asked" }, last.asked.map(asked)),
    el("p", { class: "story-sense" }, `${last.wish} · ${percent(last.confidence)}`, el("span", {}, last.offered ? "форма предложена" : "форма не предложена")),
    ...(stated.length > 0 ? [el("ul", { class: "story-stated" }, stated)] : []),
  );
}

function asked({ name: who, outcome, confidence, seconds, tokens, cost }) {
  const details = [OUTCOMES[outcome] ?? outcome];
  if (confidence !== null) details.push(percent(confidence));
  details.push(`${seconds.toLocaleString("ru", { maximumFractionDigits: 2 })} с`);
  if (tokens > 0) details.push(plural(tokens, "токен", "токена", "токенов"), `${cost.toLocaleString("ru", { maximumFractionDigits: 6 })} $`);
  return el("li", { class: outcome === "answered" ? "answered" : "" }, el("b", {}, `${name(who)}:`), ` ${details.join(" · ")}`);
}

const name = (who) => (who === "rules" ? "встроенная модель" : who);
const percent = (share) => `${Math.round(share * 100)} %`;

async function choose({ currentTarget }) {
  try {
    await api.putMood(currentTarget.value);
  } catch (error) {
    failed(error);
  }
}
