/** A messenger's part of the page: who is writing there, and their chat. */

import { coalesced } from "./api.js";
import { chats } from "./chat.js";
import { drawCustomers } from "./customers.js";
import { alert, askForCustomer, failed, toast } from "./dialogs.js";
import { startRecording } from "./recording.js";

/** Wire it up, and follow what happens there. `focuses`: whether its field is the one to type in at first. */
export function startPanel(messenger, { focuses = false } = {}) {
  const { api, part } = messenger;
  const chat = chats(messenger);
  let customers = [];
  let active = null;
  let isFirst = !focuses;

  const refreshCustomers = coalesced(async () => {
    try {
      customers = await api.customers();
    } catch (error) {
      failed(error);
      return;
    }
    const stillThere = customers.some(({ id }) => id === active);
    if (!stillThere && customers.length > 0) await pick(customers[0].id);
    drawCustomers(part("customers"), customers, active, pick);
  });

  async function pick(id) {
    active = id;
    drawCustomers(part("customers"), customers, active, pick);
    await chat.open(id, customers.find((customer) => customer.id === id)?.first_name ?? "");
    if (!isFirst && matchMedia("(pointer: fine)").matches && !part("composer").hidden) {
      part("text").focus({ preventScroll: true });
    }
    isFirst = false;
  }

  async function addCustomer() {
    const details = await askForCustomer(customers.length, messenger.name);
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
        if (isHere) chat.reload().then(refreshCustomers);
        else refreshCustomers();
        break;
      case "typing":
        if (isHere) chat.typing(event.until);
        break;
      case "callback_answer":
        chat.settle(event.callback_query_id);
        if (isHere && event.text) (event.show_alert ? alert : toast)(event.text);
        break;
    }
  }

  function onLine(isUp) {
    chat.online(isUp);
    if (!isUp) return;
    // Whatever happened while the line was down.
    refreshCustomers();
    chat.reload();
  }

  part("new-customer").addEventListener("click", addCustomer);
  startRecording(messenger, () => active);
  refreshCustomers();
  messenger.follow(onEvent, onLine);
}
