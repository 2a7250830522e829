// Trusted Types: htmx needs one policy to put our own server's HTML into the page. Escaping in the templates stays the defence.
if (window.trustedTypes) trustedTypes.createPolicy("default", { createHTML: (html) => html });
