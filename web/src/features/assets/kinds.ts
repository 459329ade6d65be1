/** The kinds of assets, as the hospital model names them. */
export const kinds = [
  'site', 'building', 'floor', 'room', 'zone', 'door', 'network', 'port', 'host', 'application', 'data', 'hvac', 'lift', 'panel', 'controller',
  'camera', 'reader', 'sensor', 'medical-device', 'equipment', 'power', 'ups', 'medical-gas', 'water', 'telephony', 'staff', 'stock', 'care-service',
  'operation',
] as const
