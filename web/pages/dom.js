/** Small things for making elements. */
import { t } from "./text.js";

export const $ = (selector, root = document) => root.querySelector(selector);

/** el("p.note", {id}, "text", child …): attributes by name, listeners as onclick. */
export function el(what, attributes = {}, ...children) {
    const [tag, ...classes] = what.split(".");
    const made = document.createElement(tag);
    if (classes.length > 0) made.className = classes.join(" ");
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
        else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child != null && child !== false));
    return made;
}

/** Drawn on a grid of 24, stroked in the colour of the text. */
const ICONS = {
    phone: "M6.6 3.5h2.2c.5 0 .9.3 1 .8l.8 3.100c.1.400 0 .8-.3 1.100L8.700 10a12.500 12.500 0 0 0 5.300 5.300l1.500-1.600c.3-.3.700-.4 1.100-.3l3.100.800c.5.100.8.500.8 1v2.200c0 1.100-.9 2-2 2A15.900 15.900 0 0 1 4.600 5.500c0-1.100.9-2 2-2Z",
    video: "M4.500 6.500h8.500a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H4.500a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM15 10.700l5.200-3c.3-.2.8 0 .8.500v7.600c0 .4-.5.700-.8.500l-5.200-3",
    mic: "M12 3.500a2.800 2.800 0 0 1 2.800 2.800v5.200a2.800 2.800 0 0 1-5.600 0V6.300A2.800 2.800 0 0 1 12 3.500ZM6 11.500a6 6 0 0 0 12 0M12 17.500v3",
    muted: "M9.200 9.200v2.300a2.800 2.800 0 0 0 4.300 2.400M14.800 11V6.300a2.800 2.800 0 0 0-5.300-1.200M6 11.500a6 6 0 0 0 9 5.200M18 11.500c0 .7-.1 1.300-.3 1.900M12 17.500v3M4 4l16 16",
    flip: "M5 10.500a7.200 7.200 0 0 1 12.500-3.500l2 2M19 13.500a7.200 7.200 0 0 1-12.500 3.500l-2-2M19.500 4.500v4.500h-4.500M4.500 19.500v-4.500h4.500",
    screen: "M4.500 4.500h15a1.500 1.500 0 0 1 1.500 1.500v9.500a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 15.500V6a1.500 1.500 0 0 1 1.500-1.500ZM8.500 20.500h7M12 13.500v-5.500M9.500 10.200 12 7.800l2.500 2.400",
    hold: "M9 5.500v13M15 5.500v13",
    play: "M8 5.500v13l10-6.500Z",
    keypad: "M6 5.500h.01M12 5.500h.01M18 5.500h.01M6 11.500h.01M12 11.500h.01M18 11.500h.01M6 17.500h.01M12 17.500h.01M18 17.500h.01",
    remove: "M6.500 6.500l11 11M17.500 6.500l-11 11",
    alert: "M12 8v5M12 16.200h.01M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17Z",
};

export function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", `icon icon-${name}`);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    // To hang up is to put the receiver down: the same one, turned over by the style.
    path.setAttribute("d", ICONS[name === "hangup" ? "phone" : name]);
    svg.append(path);
    return svg;
}

/** A round button with its name below. `pressed`: a switch, and whether it is on. */
export function round(name, row, onclick, { look = "", pressed, id } = {}) {
    return el(`button.round${look ? `.${look}` : ""}`, {
        type: "button", id, onclick, "aria-pressed": pressed === undefined ? null : String(pressed),
    }, el("span.disc", {}, icon(name)), el("span.name", {}, t(row)));
}

const HUES = 6;

/** Two letters in a disc, whose tint follows from the name. */
export function avatar(name) {
    const known = name.split("@")[0].split(/[\s._-]+/).filter(Boolean);
    const letters = (known.length > 1 ? known[0][0] + known[1][0] : (known[0] ?? "?").slice(0, 2)).toUpperCase();
    const hue = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 997, 7) % HUES;
    return el(`span.avatar.hue${hue}`, { "aria-hidden": "true" }, letters);
}

export function clock(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
