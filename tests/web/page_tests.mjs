export const PAGES = {};
