import { h } from "../dom.js";
import { form } from "./form.js";
import { signIn } from "./session.js";

/**
 * The page where a person signs in.
 *
 * @param {() => void} done called when they have
 */
export function signInPage(done) {
    const page = h("main", { class: "sign-in", id: "main" },
        h("div", { class: "sign-in-box" },
            h("a", { class: "brand", href: "/inbox" }, h("img", { src: "/assets/favicon.svg", alt: "" }),
                "Switchboard"),
            h("h1", {}, "Sign in to the inbox"),
            form({
                submit: "Sign in", saved: null,
                fields: [
                    { name: "email", label: "E-mail", type: "email", autocomplete: "username", required: true },
                    { name: "password", label: "Password", type: "password", autocomplete: "current-password",
                        required: true },
                ],
                save: ({ email, password }) => signIn(email, password),
                done,
            }),
            h("p", { class: "hint" },
                "Just installed? The sign-in of the demo company was printed when the server started.")));
    queueMicrotask(() => page.querySelector("input").focus());
    return page;
}
