/** The languages whose words are reduced to their stems, so that "returned" finds "returns". BCP-47 tags. */
export const documentLanguages = ['da', 'de', 'en', 'es', 'fi', 'fr', 'it', 'nl', 'no', 'pt', 'sv'] as const;

export type DocumentLanguage = (typeof documentLanguages)[number];
