export * from "./education.js";
export * from "./people.js";
export * from "./programs.js";
export * from "./records.js";
export * from "./scheduling.js";
export * from "./views.js";
