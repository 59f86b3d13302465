// The ports above 1023 that browsers refuse too: "bad ports" of the WHATWG Fetch standard.
const badPorts = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];
// The databases, queues and remote consoles that hurt most when spoken to.
const otherProtocols = [
  1433, 1521, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5433, 5671, 5672, 5900, 6379, 6380, 7000, 7001,
  9042, 9092, 9200, 9300, 11211, 27017,
];
const refused = new Set([...badPorts, ...otherProtocols]);

/** Whether a port belongs to another protocol than the web's. Below 1024 only 443 (and 80 for http) is the web. */
export function isRefusedPort(port: number, protocol: string): boolean {
  if (port < 1024) return port !== (protocol === 'https:' ? 443 : 80);
  return refused.has(port);
}
