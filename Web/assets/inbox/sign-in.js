import { h, replace } from "../dom.js";
import { form } from "./form.js";
import { signIn, signUp } from "./session.js";

/**
 * The page where a person signs in, or signs up with a company of their own.
 *
 * @param {() => void} done called when they have
 */
export function signInPage(done) {
    const box = h("div", { class: "sign-in-box" });
    const show = (part) => {
        replace(box, h("a", { class: "brand", href: "/inbox" }, h("img", { src: "/assets/favicon.svg", alt: "" }),
            "Switchboard"), part(done, show));
        box.querySelector("input").focus();
    };
    queueMicrotask(() => show(entrance));
    return h("main", { class: "sign-in", id: "main" }, box);
}

const email = { name: "email", label: "E-mail", type: "email", autocomplete: "username", required: true };

function entrance(done, show) {
    return [
        h("h1", {}, "Sign in to the inbox"),
        form({
            submit: "Sign in", saved: null, done,
            fields: [email, { name: "password", label: "Password", type: "password", autocomplete: "current-password",
                required: true }],
            save: ({ email: address, password }) => signIn(address, password),
        }),
        h("button", { class: "button quiet", type: "button", on: { click: () => show(registration) } },
            "Sign up with a company of your own"),
        h("p", { class: "hint" },
            "Just installed? The sign-in of the demo company was printed when the server started."),
    ];
}

function registration(done, show) {
    return [
        h("h1", {}, "Sign up"),
        form({
            submit: "Sign up", saved: null, done,
            fields: [
                { name: "companyName", label: "Company", autocomplete: "organization", maxlength: 200,
                    hint: "Who was asked to join another company gets access to that one by the same address." },
                { name: "name", label: "Your name", autocomplete: "name", maxlength: 200,
                    hint: "Customers see it when you answer them." },
                email,
                { name: "password", label: "Password", type: "password", autocomplete: "new-password", required: true,
                    minlength: 8, hint: "At least 8 characters." },
            ],
            save: signUp,
        }),
        h("button", { class: "button quiet", type: "button", on: { click: () => show(entrance) } },
            "I have an account already"),
    ];
}
