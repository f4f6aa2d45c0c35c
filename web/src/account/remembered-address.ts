/** The address between the steps of signing up; never in a URL, which histories and logs keep. */
const KEY = 'darkroom.address';

export const rememberedAddress = {
  read: () => sessionStorage.getItem(KEY) ?? '',
  write: (address: string) => sessionStorage.setItem(KEY, address),
};
