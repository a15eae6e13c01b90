/** The stored leads and the control API of amoCRM, over HTTP; those of the messengers are in messenger.js. */

export async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("Нет связи с демонстрацией. Она ещё запущена?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok || body.ok === false) throw new Error(body.error ?? `Ошибка ${answer.status}`);
  return body;
}

export const send = (method, path, body) =>
  ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
export const post = (path, body) => send("POST", path, body);

export const story = async (messenger, customer) =>
  (await ask(`/play/${messenger}/customers/${encodeURIComponent(customer)}/story`)).story;
export const leads = () => ask("/play/leads");
export const resubmit = (reference) => post(`/play/leads/${encodeURIComponent(reference)}/resubmit`, {});
export const logIn = () => post("/play/login", {});
export const putMood = (mood) => send("PUT", `/play/openai/${encodeURIComponent(mood)}`, {});
export const moveClock = (when) => send("PUT", `/play/clock/${encodeURIComponent(when)}`, {});
export const pressInStaffChat = (message, data) => post(`/play/staff/${encodeURIComponent(message)}/press`, { data });
export const actOnDeal = (deal, act, body = {}) => post(`/amocrm/control/leads/${encodeURIComponent(deal)}/${act}`, body);
export const putSwitches = (switches) => send("PUT", "/amocrm/control/switches", switches);
export const addFault = (fault) => post("/amocrm/control/faults", fault);
export const expireTokens = () => post("/amocrm/control/tokens/expire", {});
export const revokeTokens = () => post("/amocrm/control/tokens/revoke", {});

/** Everything works again. */
export async function mend() {
  await ask("/amocrm/control/faults", { method: "DELETE" });
  await logIn();
}

/** Follow server-sent events for as long as the page is open; `onState` learns whether the line is up. */
export function listen(path, onEvent, onState) {
  const source = new EventSource(path);
  source.onopen = () => onState(true);
  source.onmessage = ({ data }) => onEvent(JSON.parse(data));
  source.onerror = () => {
    onState(false);
    // A browser tries again by itself after a lost connection, but not after an error status.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(path, onEvent, onState), 2000);
  };
}

/** Calls made while one is running become one more call after it. */
export function coalesced(work) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else running = run().finally(() => (running = null));
    return running;
  };
}
