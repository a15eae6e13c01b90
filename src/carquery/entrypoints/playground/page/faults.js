/** What can be made to go wrong with amoCRM. */

import * as api from "./api.js";
import { failed, toast } from "./dialogs.js";
import { byId, el } from "./dom.js";

const SWITCHES = [
  { name: "down", on: true, label: "Недоступна", title: "Соединения отклоняются" },
  { name: "slow", on: 3, label: "Медленная", title: "Каждый ответ приходит через 3 секунды" },
  { name: "blocked", on: true, label: "Блокирует (403)", title: "Как после слишком частых запросов" },
  { name: "unpaid", on: true, label: "Не оплачена (402)", title: "Аккаунт не оплачен" },
  { name: "search_lag", on: 60, label: "Поиск отстаёт", title: "Новое находится через минуту" },
];

/** What the next creating request is for, as a pattern of its path. */
const TARGETS = [
  { label: "чего угодно", path: "^/api/v4/(contacts|leads|leads/notes|tasks)$" },
  { label: "контакта", path: "^/api/v4/contacts$" },
  { label: "сделки", path: "^/api/v4/leads$" },
  { label: "примечания", path: "^/api/v4/leads/notes$" },
  { label: "задачи", path: "^/api/v4/tasks$" },
];

const MISHAPS = [
  { how: "drop", label: "Ответ теряется", title: "Всё будет сделано, но связь оборвётся до ответа" },
  { how: "500", label: "500 до записи", title: "Ничего не будет сделано" },
  { how: "500 after", label: "500 после записи", title: "Всё будет сделано, но в ответ придёт ошибка" },
  { how: "429", label: "429: слишком часто", title: "Ничего не будет сделано, бот должен подождать" },
];

const ACCESS = [
  { label: "Токен устарел", title: "Бот обновит его сам", act: api.expireTokens, done: "Токен устарел: при следующем запросе бот обновит его" },
  { label: "Отозвать доступ", title: "Ни один токен больше не действует", act: api.revokeTokens, done: "Доступ отозван: без нового входа бот не справится" },
  { label: "Войти заново", title: "Как carquery amocrm login", act: api.logIn, done: "Бот снова вошёл в amoCRM" },
];

const MENDING = {
  label: "Исправить всё",
  kind: "mend",
  title: "Отключить все сбои и войти заново",
  act: api.mend,
  done: "amoCRM снова работает",
};

const MOST_NAMED = 2; // switches that fit on the line of a phone

/** Draw the panel. */
export function startFaults() {
  const target = el("select", { id: "mishap-target" }, TARGETS.map(({ label, path }) => el("option", { value: path }, label)));
  byId("faults").append(
    group("Состояние", SWITCHES.map((one) => toggle(one, (isOn) => api.putSwitches({ [one.name]: isOn ? one.on : off(one.on) }))), button(MENDING, () => attempt(MENDING.act, MENDING.done))),
    group(
      "Один раз",
      el("label", { class: "mishap-target" }, el("span", {}, "При создании"), target),
      MISHAPS.map((mishap) => button(mishap, () => spoil(mishap, target))),
    ),
    group("Доступ", ACCESS.map((access) => button(access, () => attempt(access.act, access.done)))),
  );
  byId("leads-foot").hidden = false;
}

/** Show how the emulated amoCRM is set. */
export const showSwitches = (switches) => showAs(switches, SWITCHES, "faults");

/** Show how something is set, in the panel with this id and on its line. */
export function showAs(switches, all, panel) {
  const active = all.filter(({ name }) => switches[name]);
  for (const { name } of all) {
    const isOn = Boolean(switches[name]);
    byId(panel).querySelector(`[data-switch="${name}"]`).setAttribute("aria-checked", String(isOn));
  }
  const state = words(active.map(({ label }) => label.toLowerCase()));
  const line = byId(`${panel}-state`);
  line.classList.toggle("on", active.length > 0);
  if (line.textContent !== state) line.textContent = state;
}

function words(active) {
  if (active.length === 0) return "всё работает";
  return active.length > MOST_NAMED ? `включено: ${active.length}` : active.join(", ");
}

/** What belongs together, under a title. */
export const group = (title, ...children) =>
  el("div", { class: "faults-group", role: "group", "aria-label": title }, el("span", { class: "faults-title" }, title), children.flat());

/** A switch; `turn` is told whether it is to be on. */
export function toggle({ name, label, title }, turn) {
  const press = ({ currentTarget: pressed }) => {
    // Shown as it is once the stream of events says so.
    attempt(() => turn(pressed.getAttribute("aria-checked") !== "true"));
  };
  const properties = { type: "button", class: "toggle", role: "switch", "aria-checked": "false", title, data: { switch: name } };
  return el("button", { ...properties, onclick: press }, label);
}

const off = (on) => (typeof on === "number" ? 0 : false);

export const button = ({ label, title, kind = "mishap" }, act) => el("button", { type: "button", class: kind, title, onclick: act }, label);

function spoil({ how, label }, target) {
  const [chosen] = target.selectedOptions;
  const fault = { how, method: "POST", path: chosen.value };
  attempt(() => api.addFault(fault), `${label}: при создании ${chosen.textContent}, один раз`);
}

/** Do it; say `done` when it is, or what went wrong. */
export async function attempt(act, done) {
  try {
    await act();
    if (done) toast(done);
  } catch (error) {
    failed(error);
  }
}
