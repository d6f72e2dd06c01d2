import { h } from "../dom.js";

// Characters that turn the direction of what follows, and controls that have no looks.
const unseen = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const address = /(https?:\/\/[^\s<>"'`{}|\\^]+)/i;

/**
 * Somebody's words as text and http(s) links, nothing else: no markup, no images, no tricks with direction.
 *
 * @param {string} content
 * @returns {Array<Node|string>}
 */
export function safeText(content) {
    let links = 0;
    return plain(content).split(address).flatMap((part) => {
        const link = /^https?:\/\//i.test(part) && links < 50 ? linkIn(part) : null;
        if (!link) return [part];
        links += 1;
        return [h(
            "a", { href: link.href, target: "_blank", rel: "noopener noreferrer nofollow", dir: "ltr" }, link.text),
            part.slice(link.text.length)];
    });
}

/** Words for one line, in a title or a preview. */
export const plain = (content) => String(content ?? "").replace(unseen, "");

function linkIn(part) {
    let text = part.replace(/[.,;:!?»”’*_~]+$/, "");
    while (/[)\]]$/.test(text) && text.split(/[([]/).length < text.split(/[)\]]/).length) text = text.slice(0, -1);
    try {
        const url = new URL(text);
        // A name before the host is how a foreign host is dressed up as a known one.
        return url.username || url.password ? null : { href: url.href, text };
    } catch {
        return null;
    }
}
