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
    group("Состояние", SWITCHES.map(toggle), button(MENDING, () => attempt(MENDING.act, MENDING.done))),
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
export function showSwitches(switches) {
  const active = SWITCHES.filter(({ name }) => switches[name]);
  for (const { name } of SWITCHES) {
    const isOn = Boolean(switches[name]);
    byId("faults").querySelector(`[data-switch="${name}"]`).setAttribute("aria-checked", String(isOn));
  }
  const state = words(active.map(({ label }) => label.toLowerCase()));
  const line = byId("faults-state");
  line.classList.toggle("on", active.length > 0);
  if (line.textContent !== state) line.textContent = state;
}

function words(active) {
  if (active.length === 0) return "всё работает";
  return active.length > MOST_NAMED ? `включено: ${active.length}` : active.join(", ");
}

const group = (title, ...children) =>
  el("div", { class: "faults-group", role: "group", "aria-label": title }, el("span", { class: "faults-title" }, title), children.flat());

function toggle({ name, on, label, title }) {
  const turn = ({ currentTarget: pressed }) => {
    const isOn = pressed.getAttribute("aria-checked") === "true";
    // Shown as it is once the stream of events says so.
    attempt(() => api.putSwitches({ [name]: isOn ? off(on) : on }));
  };
  const properties = { type: "button", class: "toggle", role: "switch", "aria-checked": "false", title, data: { switch: name } };
  return el("button", { ...properties, onclick: turn }, label);
}

const off = (on) => (typeof on === "number" ? 0 : false);

const button = ({ label, title, kind = "mishap" }, act) => el("button", { type: "button", class: kind, title, onclick: act }, label);

function spoil({ how, label }, target) {
  const [chosen] = target.selectedOptions;
  const fault = { how, method: "POST", path: chosen.value };
  attempt(() => api.addFault(fault), `${label}: при создании ${chosen.textContent}, один раз`);
}

async function attempt(act, done) {
  try {
    await act();
    if (done) toast(done);
  } catch (error) {
    failed(error);
  }
}
