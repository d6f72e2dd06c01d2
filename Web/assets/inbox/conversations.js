import { h, replace } from "../dom.js";
import { post } from "./api.js";
import { ConversationList } from "./conversation-list.js";
import { filters } from "./filters.js";
import { key } from "./keyboard.js";
import { linkTo, go } from "./router.js";
import { empty } from "./states.js";
import { openThread } from "./thread.js";
import { attempt } from "./toast.js";

/**
 * The conversations: the list, the open one, and who it is with.
 *
 * @param {Element} main
 * @param {object} context
 * @param {string[]} rest of the place: the id of the open conversation
 */
export function conversationsPage(main, context, rest) {
    const thread = h("section", { class: "thread", "aria-label": "Conversation" });
    const rows = h("div", { class: "rows" });
    const list = new ConversationList(rows, context);
    const bar = filters(context.me, (query) => list.show(query), () => begin());
    const page = h("main", { class: "conversations" },
        h("section", { class: "list", "aria-label": "Conversations" },
            h("h1", { class: "visually-hidden", tabindex: "-1" }, "Conversations"), bar.element, rows),
        thread);
    replace(main, page);
    list.show(bar.query());

    /** Begins a conversation that is the person's own: with agents, without a customer. */
    const begin = () => attempt(async () => go("c", (await post("/conversations", {})).id));

    let leaveThread = () => {};
    function open([id]) {
        leaveThread();
        leaveThread = () => {};
        page.classList.toggle("has-thread", Boolean(id));
        list.mark(id);
        if (id) leaveThread = openThread(thread, context, id, list);
        else replace(
            thread, empty("Choose a conversation", "j and k go up and down the list, Enter opens, ? shows all keys."));
    }
    open(rest);

    const keys = [
        key("j", () => list.move(1)), key("k", () => list.move(-1)),
        key("/", () => bar.focus()), key("n", begin), key("Escape", () => go("c")),
    ];
    return {
        go: open,
        leave() {
            leaveThread();
            list.stop();
            keys.forEach((forget) => forget());
        },
    };
}

/** The address of a conversation in the inbox. */
export const linkToConversation = (id) => linkTo("c", id);
