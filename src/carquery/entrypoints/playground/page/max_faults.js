/** What can be made to go wrong with MAX. */

import { attempt, button, group, showAs, toggle } from "./faults.js";
import { byId } from "./dom.js";

const SWITCHES = [
  { name: "down", how: "503", label: "Недоступен", title: "На каждый запрос MAX отвечает 503" },
  { name: "slow", how: "delay", label: "Медленный", title: "Каждый ответ приходит через 3 секунды" },
];
const SLOW = 3; // seconds

const MISHAPS = [
  { method: "POST /messages", how: "drop", label: "Ответ теряется", title: "Сообщение дойдёт, но бот об этом не узнает" },
  { method: "POST /messages", how: "429", label: "429: слишком часто", title: "Больше двух сообщений в секунду: бот должен подождать" },
  { method: "POST /answers", how: "not done", label: "Отказ с кодом 200", title: "MAX отвечает 200 и success: false – нажатие не засчитано" },
];

/** Draw the panel; `api` is that of MAX. */
export function startMaxFaults(api) {
  const order = async ({ how }, isOn) => {
    await api.heal();
    if (isOn) await api.addFault({ method: "*", how, times: null, seconds: SLOW });
  };
  const spoil = ({ method, how, label }) => attempt(() => api.addFault({ method, how }), `${label}: один раз`);
  const repeat = { label: "Событие ещё раз", title: "Последнее событие приходит боту повторно" };
  const expire = { label: "Ссылки устарели", title: "Адреса присланных фото больше не действуют: бот возьмёт новые" };
  byId("max-faults").append(
    group("Состояние", SWITCHES.map((one) => toggle(one, (isOn) => order(one, isOn)))),
    group(
      "Один раз",
      MISHAPS.map((mishap) => button(mishap, () => spoil(mishap))),
      button(repeat, () => attempt(api.repeatLatest, "Последнее событие MAX пришло ещё раз")),
      button(expire, () => attempt(api.expireFiles, "Адреса присланных файлов больше не действуют")),
    ),
  );
  byId("max-faults-fold").hidden = false;
}

/** Show how the emulated MAX is set. */
export const showMaxFaults = (switches) => showAs(switches, SWITCHES, "max-faults");
