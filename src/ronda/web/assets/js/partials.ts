// htmx for partials; other modules reach it through the window.
import htmx from "htmx.org";

window.htmx = htmx;
