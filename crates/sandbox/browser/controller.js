// The frame without a face: makes the requests that the page itself is not allowed to make.

import { connect, pathOf, request } from './wire.js';

connect({
  init() {},
  handlers: {
    async retrieve({ key, clientSecret }) {
      const answer = await request('GET', pathOf(clientSecret), key, { client_secret: clientSecret });
      if (answer.error) return { error: answer.error };
      return answer.object === 'setup_intent' ? { setupIntent: answer } : { paymentIntent: answer };
    },
  },
});
