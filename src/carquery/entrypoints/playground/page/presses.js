/** Inline buttons that were pressed and wait for the bot's answer. */

const PATIENCE = 15_000; // milliseconds, about as long as Telegram's own apps turn their spinner

const key = (customer, message, data) => JSON.stringify([customer, String(message), data]);

/** Those of one messenger's chats. */
export function presses({ api, part }) {
  const waiting = new Set();
  const answered = new Set();

  /** Press a button, and show it as waiting until its callback query is answered. */
  async function press(customer, message, data) {
    const pressed = { key: key(customer, message, data), query: null };
    waiting.add(pressed);
    mark(customer);
    const stop = () => {
      waiting.delete(pressed);
      mark(customer);
    };
    const patience = setTimeout(stop, PATIENCE);
    pressed.stop = () => {
      clearTimeout(patience);
      stop();
    };
    try {
      const { callback_query_id: query } = await api.press(customer, message, data);
      pressed.query = String(query);
      // The answer may have overtaken the confirmation of the press.
      if (answered.delete(pressed.query)) pressed.stop();
    } catch (error) {
      pressed.stop();
      throw error;
    }
  }

  /** The bot has answered a callback query. */
  function settle(query) {
    const pressed = [...waiting].find((one) => one.query === String(query));
    if (pressed) pressed.stop();
    else answered.add(String(query));
  }

  /** Put the spinners where they belong; to be called after the log was drawn. */
  function mark(customer) {
    const keys = new Set([...waiting].map((pressed) => pressed.key));
    for (const button of part("log").querySelectorAll("button.inline-button")) {
      const waits = keys.has(key(customer, button.dataset.message, button.dataset.callback));
      button.classList.toggle("waiting", waits);
      button.setAttribute("aria-busy", String(waits));
    }
  }

  return { press, settle, mark };
}
