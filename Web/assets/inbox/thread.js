import { h, replace } from "../dom.js";
import { composer } from "./composer.js";
import { customerName } from "./conversation-row.js";
import { customerCard } from "./customer-card.js";
import { key } from "./keyboard.js";
import { MessageList } from "./message-list.js";
import { outboxOf } from "./outbox.js";
import { empty, failed, loading } from "./states.js";
import { threadHeader } from "./thread-header.js";
import { ThreadData } from "./thread-data.js";
import { announce } from "./toast.js";
import { plain } from "./text.js";
import { TurnLogs } from "./turn-logs.js";

/**
 * Opens a conversation in its place.
 *
 * @param {Element} place
 * @param {object} context
 * @param {string} id
 * @param {import("./conversation-list.js").ConversationList} list
 * @returns {() => void} closes it
 */
export function openThread(place, context, id, list) {
    const data = new ThreadData(id, context.me.user.id);
    const keys = [];
    const logs = new TurnLogs(id, () => messages && show());
    const stops = [context.approvals.on("changed", () => messages && show())];
    let messages, outbox;
    replace(place, loading("Loading the conversation…"));

    function build() {
        messages = new MessageList(
            context, { earlier: () => data.earlier(), retry: (item, forget) => outbox.retry(item, forget) });
        outbox = outboxOf(context.me, id);
        stops.push(outbox.attach({ changed: show,
            stored: (message) => data.settle([message].filter((each) => data.transcript.add(each)), false) }));
        outbox.flush();
        const card = customerCard(data, context);
        const header = threadHeader(data, context, () => toggleCard());
        stops.push(header.stop);
        const write = composer(data, context, (text) => {
            outbox.add(text);
            messages.toEnd();
        });
        const toggleCard = (open = !place.classList.contains("with-card")) => {
            place.classList.toggle("with-card", open);
            // Where there is no room beside the conversation, the card lies over it, below this.
            place.style.setProperty("--header", `${header.element.offsetHeight}px`);
            header.cardButton.setAttribute("aria-expanded", String(open));
            if (open) card.load();
        };
        replace(place, h("div", { class: "thread-main" }, header.element, messages.element, write.element),
            card.element);
        keys.push(
            key("r", () => write.focus()), key("t", () => header.toggleControl()),
            key("e", () => header.toggleArchive()), key("i", () => toggleCard()));
        toggleCard(matchMedia("(min-width: 1180px)").matches);
        data.on("changed", show);
        data.on("gone", () => replace(place, empty("This conversation was deleted", "Choose another one from the list.")));
        data.on("head", () => {
            list.book.learn(data.head, true);
            show();
        });
        data.on("incoming", (message) => {
            if (message.role !== "user") announce(
                `${message.role === "agent" ? `@${message.agentName}` : customerName(data.head)}: ${plain(message.content).slice(0, 300)}`);
            list.book.heard(message);
            if (message.role === "agent") logs.soon();
        });
        data.on("using", ({ agentName, label, tool }) => announce(`@${agentName}: ${plain(label || tool)}`));
        logs.soon(0);
        show();
    }

    function show() {
        const known = new Set(data.transcript.sorted.map((message) => message.clientMessageId));
        messages.update({
            messages: data.transcript.sorted, hasEarlier: data.transcript.first > 1, loaded: data.loaded,
            drafts: [...data.drafts.values()], writing: [...data.writing.values()], using: data.tools.shown,
            waiting: outbox.items.filter((item) => !known.has(item.id)), customer: customerName(data.head),
            logOf: (message) => logs.of(message), approvals: context.approvals.of(id),
        });
        if (!document.hidden && data.transcript.complete > 0) list.book.read(id, data.transcript.complete);
    }

    async function begin() {
        try {
            await data.begin();
            if (!data.isStopped) build();
        } catch (problem) {
            if (!data.isStopped) replace(place, failed(problem, begin));
        }
    }
    begin();
    document.addEventListener("visibilitychange", seen);
    function seen() {
        if (messages && !document.hidden) show();
    }

    return () => {
        document.removeEventListener("visibilitychange", seen);
        place.classList.remove("with-card");
        data.stop();
        logs.stop();
        stops.forEach((stop) => stop());
        keys.forEach((forget) => forget());
    };
}
