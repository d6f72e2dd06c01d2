// The company's side of its conversations. Begins with the sign-in, or with the one of before the reload.
import { $, replace } from "../dom.js";
import { get } from "./api.js";
import { open } from "./shell.js";
import { mayResume, whenEnded } from "./session.js";
import { signInPage } from "./sign-in.js";
import { failed, loading } from "./states.js";

const app = $("#app");
let close = () => {};

async function begin() {
    close();
    close = () => {};
    if (!mayResume()) return replace(app, signInPage(begin));
    replace(app, loading("Opening the inbox…"));
    try {
        const me = await get("/auth/me");
        close = open(app, me);
    } catch (problem) {
        if (problem.status === 401) replace(app, signInPage(begin));
        else replace(app, failed(problem, begin));
    }
}

whenEnded(() => {
    close();
    close = () => {};
    replace(app, signInPage(begin));
});
begin();
