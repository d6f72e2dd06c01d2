import { h, replace } from "../dom.js";
import { platformName } from "./filters.js";
import { brief } from "./format.js";
import { linkTo } from "./router.js";
import { plain } from "./text.js";

/** The id that the company gave a customer; nothing for a visitor, whose id is the browser's own. */
export const companyIdOf = (customer) => (customer?.externalId?.startsWith("visitor:") ? null : customer?.externalId);

/** How a customer is called where nothing better is known. */
export function customerName(conversation) {
    const { customer } = conversation ?? {};
    const given = customer?.name ?? customer?.email ?? customer?.phone ?? companyIdOf(customer);
    if (given) return plain(given);
    if (!conversation?.customerId) return conversation?.platform === "internal" ? "Internal note" : "Nobody yet";
    return `Visitor ${conversation.customerId.slice(-4)}`;
}

/** One line of the list. */
export class ConversationRow {
    constructor(id, book) {
        Object.assign(this, { id, book });
        this.link = h("a", { class: "row", href: linkTo("c", id) });
        this.element = h("li", {}, this.link);
        this.seen = new IntersectionObserver((entries) => {
            if (!entries.some((each) => each.isIntersecting)) return;
            this.seen.disconnect();
            if (!book.get(id)?.isDetailed) book.want(id);
        });
        this.seen.observe(this.element);
        this.update();
    }

    mark(isOpen) {
        if (isOpen) this.link.setAttribute("aria-current", "true");
        else this.link.removeAttribute("aria-current");
    }

    update() {
        const conversation = this.book.get(this.id);
        if (!conversation) return;
        const { lastMessage, platform, status, title, metadata } = conversation;
        const unread = this.book.unread(this.id);
        const waits = conversation.control?.requestedAt ? "Asks for a person" : "Waiting";
        this.link.classList.toggle("unread", unread > 0);
        replace(this.link,
            h("span", { class: "row-top" },
                h("bdi", { class: "row-name" }, customerName(conversation)),
                h("time", { datetime: metadata?.lastMessageAt ?? "" },
                    brief(metadata?.lastMessageAt ?? conversation.createdAt))),
            title && h("bdi", { class: "row-title" }, plain(title)),
            h("span", { class: "row-last" }, h("bdi", { class: "row-preview" }, preview(lastMessage)),
                unread > 0
                    && h("span", { class: "unread-count" }, unread > 99 ? "99+" : unread,
                        h("span", { class: "visually-hidden" }, " unread"))),
            h("span", { class: "row-tags" },
                this.book.isWaiting(this.id) && h("span", { class: "tag amber" }, waits),
                platform !== "web" && h("span", { class: "tag" }, platformName(platform)),
                status === "archived" && h("span", { class: "tag" }, "Archived")));
    }
}

function preview(message) {
    if (message === undefined) return "\u00a0";
    if (message === null) return "No messages yet";
    if (message.deletedAt) return "Message deleted";
    const who = message.role === "agent" ? `@${message.agentName ?? "agent"}: ` : message.role === "user" ? "We: " : "";
    return who + plain(message.content).slice(0, 160);
}
