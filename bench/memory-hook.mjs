// Loaded into a benchmarked process: leaves its peak memory (kilobytes) in a file when it ends.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const file = process.env.ALUDEL_BENCH_MEMORY;
  if (file) writeFileSync(file, String(process.resourceUsage().maxRSS));
});
