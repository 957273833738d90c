/**
 * What becomes of a contract that does not say what it waits for. `run`: it runs as any other revision · `ask`: when a person says
 * so · `refuse`: it does not run.
 */
export const contractPolicies = ["run", "ask", "refuse"] as const;
export type ContractPolicy = (typeof contractPolicies)[number];
