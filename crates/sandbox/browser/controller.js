// The frame without a face: makes the requests that the page itself is not allowed to make.

import { connect, request } from './wire.js';

connect({
  init() {},
  handlers: {
    async retrieve({ key, clientSecret }) {
      const [id] = clientSecret.split('_secret_');
      const path = `/v1/payment_intents/${encodeURIComponent(id)}`;
      const answer = await request('GET', path, key, { client_secret: clientSecret });
      return answer.error ? { error: answer.error } : { paymentIntent: answer };
    },
  },
});
