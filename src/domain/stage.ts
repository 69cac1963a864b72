/** Columns of Table 4; the last is «или …, если было предоставлено временное решение». */
export const stages = ['reaction', 'diagnosis', 'workaround', 'resolution'] as const;

export type Stage = (typeof stages)[number];

export type Branch = Stage | 'resolutionIfWorkaround';
