/** The chat so far as a story for `carquery stories run`: to copy, or to save as a file. */

import * as api from "./api.js";
import { failed, showStory } from "./dialogs.js";
import { byId } from "./dom.js";

/** Wire the button; `whose` tells whose chat is open. */
export function startRecording(whose) {
  byId("record").addEventListener("click", async () => {
    const customer = whose();
    if (customer === null) return;
    try {
      await showStory(await api.story(customer));
    } catch (error) {
      failed(error);
    }
  });
}
