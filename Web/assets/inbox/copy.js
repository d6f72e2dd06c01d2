import { h } from "../dom.js";
import { toast } from "./toast.js";

/** A button that copies a text. */
export function copyButton(text) {
    return h("button", { class: "button small", type: "button", on: { click: async () => {
        try {
            await navigator.clipboard.writeText(text);
            toast("Copied.");
        } catch {
            toast("The browser does not let this page copy. Select the text and copy it yourself.", { bad: true });
        }
    } } }, "Copy");
}
