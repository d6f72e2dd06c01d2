import { $, h, replace } from "../dom.js";
import { activityPage } from "./activity.js";
import { Approvals, approvalsPage } from "./approvals.js";
import { Bus } from "./bus.js";
import { has } from "./capabilities.js";
import { conversationsPage } from "./conversations.js";
import { Directory } from "./directory.js";
import { key, showShortcuts } from "./keyboard.js";
import { companyFeed } from "./live.js";
import { Presence } from "./presence.js";
import { follow, go, linkTo } from "./router.js";
import { forgetOutboxes } from "./outbox.js";
import { chooseCompany, signOut } from "./session.js";
import { settingsPage } from "./settings.js";

const sections = [["c", "Inbox"], ["approvals", "Approvals"], ["activity", "Activity"], ["settings", "Settings"]];

/**
 * The inbox of a person who is signed in: the way between its sections, and the one that is open.
 *
 * @param {Element} app
 * @param {{user: object, company: object, role: string, memberships: Array<object>}} me
 * @param {() => void} restart begins anew, for another company
 * @returns {() => void} closes it
 */
export function open(app, me, restart) {
    const bus = new Bus();
    const approvals = new Approvals(bus);
    const presence = new Presence(bus, me.user.id);
    const context = { me, bus, approvals, presence, directory: new Directory() };
    const main = h("div", { class: "section", id: "main", tabindex: "-1" });
    const feed = companyFeed(bus);
    const links = sections.map(([name, text]) => h("a", { href: linkTo(name), dataset: { section: name } }, text));
    const line = h(
        "p", { class: "line-state", role: "status", hidden: true },
        "No connection. What you see may be out of date; trying again…");
    replace(app, h("div", { class: "shell" }, rail(me, links, restart), line, main));
    bus.on("status", (online) => (line.hidden = online));
    const waiting = links.find((link) => link.dataset.section === "approvals");
    waiting.hidden = true;
    has("GET", "/api/approvals").then((isThere) => (waiting.hidden = !isThere));
    approvals.on("changed", () => {
        const count = approvals.pending.length;
        replace(waiting, "Approvals", count > 0 && h("span", { class: "unread-count" }, count,
            h("span", { class: "visually-hidden" }, " waiting")));
    });

    let leave = () => {};
    let shown = null;
    follow((place) => {
        const [name = "c", ...rest] = place;
        for (const link of links) {
            if (link.dataset.section === name) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
        }
        if (shown?.name === name && shown.page.go) return shown.page.go(rest);
        leave();
        const page = (pages[name] ?? pages.c)(main, context, rest);
        shown = { name, page };
        leave = page.leave ?? (() => {});
        document.title = `${sections.find(([each]) => each === name)?.[1] ?? "Inbox"} · ${me.company?.name ?? "Switchboard"}`;
    });

    for (const [letter, name] of [["c", "c"], ["p", "approvals"], ["a", "activity"], ["s", "settings"]]) {
        key(`g ${letter}`, () => go(name));
    }
    return () => {
        leave();
        feed.stop();
        approvals.stop();
        presence.stop();
    };
}

const pages = { c: conversationsPage, approvals: approvalsPage, activity: activityPage, settings: settingsPage };

function rail(me, links, restart) {
    const name = me.user.name ?? me.user.email;
    return h("header", { class: "rail" },
        h("a", { class: "brand", href: linkTo("c") }, h("img", { src: "/assets/favicon.svg", alt: "" }),
            h("span", {}, me.company?.name ?? "Switchboard")),
        me.memberships.length > 1 && companies(me, restart),
        h("nav", { "aria-label": "Sections" }, links),
        h("div", { class: "me" },
            h("span", { class: "me-name", title: me.user.email }, name),
            h("button", { class: "button quiet small keys-button", type: "button", on: { click: showShortcuts } },
                "Keys"),
            h("button", { class: "button quiet small", type: "button", on: { click: leave } }, "Sign out")));
}

function leave() {
    forgetOutboxes();
    signOut();
}

/** Which company the person works for in this tab, for those who are members of several. */
function companies(me, restart) {
    const choose = ({ target }) => {
        chooseCompany(target.value);
        history.replaceState(null, "", linkTo("c")); // a place in one company is none in another
        restart();
    };
    return h("select", { class: "small-select company-select", "aria-label": "Company", on: { change: choose } },
        me.memberships.map(({ companyId, companyName }) => h(
            "option", { value: companyId, selected: companyId === me.company?.id }, companyName)));
}

/** Moves the focus to a section's heading after a change of place, for who does not see it. */
export const focusHeading = () => $("#main h1")?.focus();
