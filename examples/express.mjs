// An Express application that calls a service: the same code whether its methods run near or far.

import express from "express";
import { createClient } from "nearfar";
import { CryptoService } from "nearfar/services";

export function createApp(options = {}) {
  const crypto = createClient(CryptoService, options);
  const app = express();
  app.get("/hash/:text", async (request, response) => {
    response.send(await crypto.hash_data(request.params.text));
  });
  // What a caller did wrong is not the server's failure.
  app.use((error, _request, response, _next) => {
    response.status(error.code === "INVALID_ARGUMENT" ? 400 : 500).send(error.message);
  });
  return app;
}
