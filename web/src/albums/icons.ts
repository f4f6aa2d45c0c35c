export const ICONS = { private: 'lock', link: 'link', public: 'everybody' } as const;
