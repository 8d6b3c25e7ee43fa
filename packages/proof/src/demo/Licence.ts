/** The licence of the invented tenant: what the twin enforces and the connector is told (form SM604000). */
export const REQUESTS_PER_MINUTE = 600
