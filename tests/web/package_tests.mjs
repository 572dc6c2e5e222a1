export const PACKAGE = {};
