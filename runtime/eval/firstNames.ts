/** Names that facts are told apart by. */
export const firstNames: readonly string[] = [
  'Ursula', 'Edmund', 'Clara', 'Felix', 'Harriet', 'Oscar', 'Nora', 'Silas', 'Walter', 'Beatrice', 'Martha', 'Conrad',
  'Agnes', 'Hugo', 'Lydia', 'Victor', 'Rosalind', 'Gilbert', 'Winifred', 'Ambrose', 'Cecily', 'Rupert', 'Matilda', 'Leopold',
];
