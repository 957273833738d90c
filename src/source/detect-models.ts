import type { DetectedModels } from "./detected-models.js";

/** Every kind of models that the folder seems to have, the most certain first; more than one leaves a choice. */
export async function detectModels(root: string): Promise<readonly DetectedModels[]> {
  const detectors = await Promise.all([
    import("./drizzle/detect.js").then((module) => module.detectDrizzle),
    import("./sql/detect.js").then((module) => module.detectSql),
  ]);
  for (const detect of detectors) {
    const found = await detect(root);
    if (found.length > 0) return found;
  }
  return [];
}
