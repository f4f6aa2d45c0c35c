// Written by `npm run types` from api/openapi.yaml. Change that file, not this one.
export interface paths {
    "/auth/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an account
         * @description Sends a confirmation code to the address. An address that already has an account gets the same answer, and
         *     no code.
         */
        post: operations["signUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm the address with the code */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/resend-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for the confirmation code once more */
        post: operations["resendCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/signin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get tokens
         * @description Send `id_token` as `Authorization: Bearer <id_token>` with every other request. A wrong password, an unknown
         *     address and an address that was never confirmed get the same answer.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new tokens for a refresh token
         * @description The refresh token stays valid. If it is refused, sign in again.
         */
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/signout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a sign-in
         * @description The refresh token is invalid from now on; signing out twice is not an error. Other sign-ins of the same account
         *     stay. An id token cannot be revoked: discard it, it expires within the hour.
         */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a code to set a new password */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/confirm-forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a new password with the code */
        post: operations["confirmForgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password
         * @description Every sign-in of the account ends, this one too: go on with the tokens of the answer. A wrong `password` is
         *     answered with a 400 that names the field, and changes nothing.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get an upload ticket
         * @description The answer holds a URL for exactly one PUT of exactly this file: storage refuses another length, type or
         *     checksum, and a second PUT. Without `size_bytes` it holds a form instead (`method` is `POST`): send its `fields`
         *     as multipart/form-data with the photo as the last one, `file`. Storage refuses another type and more than
         *     `max_bytes`. Unlike the PUT, a form can be sent again: a second photo is stored and removed a moment later.
         *     The first photo counts.
         *
         *     The declared size counts for the day's quota (`GET /me`); a form counts as the largest file. With `Accept:
         *     text/x-curl` the ticket is a curl configuration file: `curl -sSK ticket -T photo.jpg` uploads the photo and
         *     prints its image id.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upload/{image_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get another ticket for the same photo
         * @description For a photo that did not arrive before its ticket expired: same image, same terms, a new quarter of an hour. It
         *     does not count for the day's quota.
         */
        post: operations["renewUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get up to fifty upload tickets
         * @description All of them or none. Errors name the photo: `uploads[3].filename`. Together they may name ten albums.
         */
        post: operations["createUploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s3/params": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an upload form, as Uppy asks for it
         * @description For the AwsS3 plugin of Uppy: `signRequest` of version 6 (fetch this with the id token, return the answer), or
         *     `endpoint` and `headers` of version 5. The same as `createUpload` without `size_bytes`; `image_id` names the
         *     photo. Other parameters, such as Uppy's `metadata[…]`, are ignored.
         */
        get: operations["uppyParameters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your profile, what you have used of the day's quota, and what you have stored */
        get: operations["getMe"];
        /**
         * Change your name, and list your profile or not
         * @description While your profile is listed, other users see your name on your public photos, and find all of those at `GET
         *     /users/{user_id}/images`. It is not listed until you say so.
         */
        put: operations["changeMe"];
        post?: never;
        /**
         * Erase your account and everything in it
         * @description This cannot be undone: it removes photos with all their variants, albums, links, webhook and profile. It begins
         *     at once and takes seconds for a few photos, minutes for thousands, and up to an hour while a photo is being
         *     developed; then the address is free again. Sign-ins to the account are refused meanwhile.
         *
         *     The token must come from a sign-in of the last five minutes: ask for the password, `POST /auth/signin`, and send the
         *     new `id_token`.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your webhook and its state
         * @description `state` is `active`, `failing` (the last event was not delivered), or `disabled`: Darkroom stopped sending,
         *     because the receiver answered 410 or has taken no event for three days. A PUT makes it `active` again.
         */
        get: operations["getWebhook"];
        /**
         * Set the webhook that is called with the outcomes of your photos
         * @description From now on each event of your photos is POSTed to the URL, signed with the `secret` of this answer as Standard
         *     Webhooks describes; `docs/EVENTS.md` says how to verify the signature, and when an event comes again. The secret
         *     stays the same if the URL changes.
         */
        put: operations["setWebhook"];
        post?: never;
        /**
         * Remove the webhook
         * @description The calls end at once, and events that waited for another attempt are dropped. A later PUT begins with another
         *     secret.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/webhook/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the webhook's secret
         * @description For a day events are signed with both the new secret and the one before, so that there is time to give the new
         *     one to the receiver.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/webhook/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event to the webhook
         * @description Sends an event `Webhook Test` once, signed like any other, and answers with the result. The result does not
         *     change the webhook's `state`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/image/{image_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        /**
         * Status, facts and links to the variants
         * @description The answer is 200 once the photo has an outcome (`ready`, `rejected` or `failed`), and 202 before. Links live
         *     for a quarter of an hour at most and stay the same for some minutes, so that both this answer and the pictures
         *     can be cached.
         *
         *     Every signed-in user can see a `public` photo, but not its file name, its album or anything about the original.
         *
         *     Where the recipe makes several formats, the `variants` are in the one that every program reads, and `sources` has
         *     the others. A page shows either by one function:
         *
         *     ```js
         *     const srcset = ({ variants }) => Object.values(variants).map(({ url, width }) => `${url} ${width}w`).join(', ');
         *     const sources = (image.sources ?? []).map((source) => `<source type="${source.content_type}" srcset="${srcset(source)}">`);
         *     const picture = `<picture>${sources.join('')}<img srcset="${srcset(image)}"></picture>`;
         *     ```
         */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /**
         * Delete a photo and all its variants
         * @description This cannot be undone: it removes the record, the original with all its versions, and every variant. While the
         *     photo is being processed the answer is 409; ask again after `retry-after` seconds. If the answer is a 5xx, ask
         *     again: no list shows the photo any more, and the next request removes the rest.
         */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        /**
         * Change caption, visibility, album or focal point
         * @description A field that is not given stays as it is; null removes its value. Variants that crop (`cover` in the recipe) are
         *     made around the focal point when the photo is developed next; a change of the point alone develops nothing.
         */
        patch: operations["changeImage"];
        trace?: never;
    };
    "/image/{image_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        /**
         * What happened to the photo, and when
         * @description The oldest first. `execution` is the name to give when you ask for help.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/image/{image_id}/similar": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        /**
         * Photos of yours that look alike
         * @description Among your newest thousand images, those whose perceptual hash differs from this one's in at most 10 of 64 bits,
         *     the most alike first, at most 20. The same photo in another size, quality or format is usually 0 to 4 bits away,
         *     unrelated photos about 32; a picture without detail, such as a gradient, is never similar to another. Only a
         *     photo that is `ready` can be compared, else the answer is 409.
         */
        get: operations["listSimilar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your photos, newest first
         * @description Each with a link to its thumbnail, so that a gallery is one request. A page with a filter may be short, or even
         *     empty, and yet have a `next_cursor`: go on until there is none.
         *
         *     With `ids`, the answer has the photos of these ids in their order, and `size` is the only other parameter
         *     allowed. Photos that do not exist, or are not yours, are omitted.
         */
        get: operations["listImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change caption, visibility or album of up to fifty photos
         * @description All of them or none. A field that is not given stays as it is; null removes its value. Errors name the photo:
         *     `image_ids[3]`.
         */
        patch: operations["changeImages"];
        trace?: never;
    };
    "/images/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete up to fifty photos and all their variants
         * @description This cannot be undone. Each photo is deleted by itself, as by `deleteImage`, and has its own `result`. Ask again
         *     after `retry-after` seconds for those that are `processing`. If the answer is a 5xx, ask again for all: photos
         *     that are already deleted are `not_found` then, which is not an error.
         */
        post: operations["deleteImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/months": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The number of your photos in each month
         * @description Photos that are `ready`, by the month (UTC) in which their tickets were given, the newest month first; a month
         *     without photos is omitted. Counts are some moments behind. The photos of a month are `GET
         *     /images?status=ready&from=2026-01-01&to=2026-01-31`.
         */
        get: operations["listMonths"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/public": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public photos of all users, newest first
         * @description Photos that are `ready` and `public`, yours among them. A page may be short and yet have a `next_cursor`. `owner`
         *     tells whose a photo is, if they list their profile.
         */
        get: operations["listPublicImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        /**
         * A user who lists their profile
         * @description A user who does not list their profile is not found, whether they exist or not.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        /**
         * The public photos of a user who lists their profile, newest first
         * @description Photos that are `ready` and `public`. A page may be short, or even empty, and yet have a `next_cursor`: go on until
         *     there is none.
         */
        get: operations["listUserImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/albums": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your albums, newest first */
        get: operations["listAlbums"];
        put?: never;
        /** Make an album */
        post: operations["createAlbum"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/albums/{album_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        /**
         * One album
         * @description An album of yours, or a `public` one.
         */
        get: operations["getAlbum"];
        put?: never;
        post?: never;
        /**
         * Delete an album, and keep its photos
         * @description The photos are taken out of it and stay yours; its links end. An album of more than a thousand photos, or of an
         *     owner who has ten thousand, is not emptied by one request: the answer is 409 with `retry-after`, and the next
         *     request goes on.
         */
        delete: operations["deleteAlbum"];
        options?: never;
        head?: never;
        /**
         * Change title or visibility
         * @description Links work while the visibility is `link` or `public`. While it is `private`, they answer 404.
         */
        patch: operations["changeAlbum"];
        trace?: never;
    };
    "/albums/{album_id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        /**
         * The photos in an album, newest first
         * @description The owner gets thumbnails, as in the list of all photos. Other users of a public album get only `ready` photos,
         *     with links to all variants, unless `size` says otherwise.
         */
        get: operations["listAlbumImages"];
        put?: never;
        /**
         * Put photos of yours into an album
         * @description All of them or none. A photo is in one album at most, so it leaves the album that it was in.
         */
        post: operations["addToAlbum"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/albums/{album_id}/images/{image_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a photo out of an album
         * @description The photo itself stays.
         */
        delete: operations["takeOutOfAlbum"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/albums/{album_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        /** Valid share links, newest first */
        get: operations["listLinks"];
        put?: never;
        /**
         * Make a share link
         * @description Anybody who has the link sees the title and the `ready` photos, without an account, until the link expires or is
         *     revoked. The album must be visible by `link` or `public`, else the answer is 409.
         */
        post: operations["createLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/albums/{album_id}/links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
                link_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a share link
         * @description At once and for good.
         */
        delete: operations["revokeLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The end of a share link's `url`. */
                token: string;
            };
            cookie?: never;
        };
        /**
         * The album of a share link
         * @description Anybody who has the link may ask, without signing in. An expired, revoked or forged link answers 404, and so
         *     does a link of an album that is private again.
         */
        get: operations["getShared"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The state of this environment
         * @description Counts of executions and failures are of the last seven days; `stages` is computed from the newest twenty
         *     executions that ended. SQS does not tell the age of a message, so queues have depths only; `running_since` says
         *     since when the oldest execution has run.
         */
        get: operations["opsOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List executions
         * @description The newest first, as long as Step Functions keeps them: 90 days. With `image_id` only those of one image, found
         *     by their names; a page may then be empty and still have a `next_cursor`, with which the search goes on. A cursor
         *     is valid for a day.
         */
        get: operations["opsExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/executions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        /**
         * Look at one execution
         * @description Each state in the order in which it was entered, once for each time it was entered, with its attempts. The
         *     answer does not tell the photo's owner, file name or picture. Log lines are not part of the answer: `make logs
         *     FN=resize`, or Logs Insights by `logs_url`.
         */
        get: operations["opsExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/executions/{name}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an execution again
         * @description Starts an execution with the same input under the next free name: `…-2`, `…-3`. The one that ended stays as it
         *     is. Every state may be repeated without harm. The photo is `processing` until the new execution ends. If the
         *     photo has a newer version or was deleted, nothing is started: 409. The start is recorded with the operator's
         *     `user_id`. To try photos of a list of rejected ones again, ask with `if_status=rejected`: the list may be old,
         *     and the record decides.
         */
        post: operations["opsRestart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Failures, by code and day
         * @description Executions that failed, timed out or were aborted, from the newest 200 of each. A rejection (`Image.*`) is not a
         *     failure.
         */
        get: operations["opsFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/images/{image_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        /**
         * Look at one photo's record
         * @description The record without the photo's owner, file name and caption, and when the photo was deleted, which is remembered
         *     for thirty days. A record is found by its owner and its id only; both are in the original's key,
         *     `uploads/{owner}/{image}`. The executions of a photo whose owner is not known are found by
         *     `GET /ops/executions?image_id=`, and each has the record too.
         */
        get: operations["opsImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/machine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The graph of the state machine
         * @description The states and the transitions between them, from `statemachine/process-image.asl.json` of this release.
         */
        get: operations["opsMachine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rejected photos
         * @description The newest first, for as long as a photo is in quarantine: thirty days. Each can be tried again with
         *     `POST /ops/executions/{name}/restart?if_status=rejected`, and leaves the list then. With `code` a page may be
         *     empty and still have a `next_cursor`, with which the search goes on. The answer does not tell the photo's owner,
         *     file name or picture. A cursor is valid for a day.
         */
        get: operations["opsRejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/queues/{name}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue that gets its dead letters back. */
                name: components["schemas"]["OpsRedrivable"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send dead letters back
         * @description Moves `count` dead letters, or all if there are fewer: each is sent to the queue from which it came, then
         *     deleted. One that could not be sent is a dead letter again a minute later. The redrive is recorded with the
         *     operator's `user_id`.
         *
         *     With `code`, `owner_id` or `older_than_s`, letters that fit all of them. One request looks at 300 letters at
         *     most. Those that do not fit stay where they are; if there were more than 300, they are hidden for a minute, so
         *     that the next request looks at others. With `dry_run` nothing is
         *     moved, and the answer tells what each letter is. It does not tell the owner.
         */
        post: operations["opsRedrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a bucket
         * @description Brings the objects of a bucket in, as photos of `owner`, through the same pipeline as uploads: each is copied by S3,
         *     no faster than photos are developed, and people's uploads come first. The bucket must be among the environment's
         *     `import_buckets`. The same request again goes on where an earlier one ended: what was brought is known. With
         *     `dry_run` nothing is written, and the answer counts the objects behind the key `after`, as many as there is time
         *     for; `next` is the `after` of the next request. An import does not count in the owner's quota of the day. It is
         *     recorded with the operator's `user_id`. One import runs at a time: 409.
         */
        post: operations["opsImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/imports/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an import. */
                name: components["parameters"]["ImportName"];
            };
            cookie?: never;
        };
        /**
         * Show an import
         * @description How far its last run is, and what did not become a photo that is ready, with the reason. The keys are those of the
         *     bucket that is imported.
         */
        get: operations["opsImportReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/imports/{name}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an import. */
                name: components["parameters"]["ImportName"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop an import
         * @description Nothing more is brought by its last run; what is on its way is developed. `POST /ops/imports` goes on later. It is
         *     recorded with the operator's `user_id`.
         */
        post: operations["opsStopImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look for what is undone and what does not match
         * @description One run of the sweeper, which its clock calls every quarter of an hour: photos that have not ended, then a walk
         *     along records and objects. A dry run writes nothing, and the answer says what a run would do. The walk of this
         *     run begins at the beginning and may not come to the end of a large environment within the time of a request:
         *     then `drift` has no `ended_at`, and `last_walk` has the counts of the clock's last walk. A run that is not dry is
         *     recorded with the operator's `user_id`.
         */
        post: operations["opsSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/rerenders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List re-renders
         * @description The twenty newest re-renders, the newest first.
         */
        get: operations["opsRerenders"];
        put?: never;
        /**
         * Move photos to the recipe of this release
         * @description Makes the variants of ready photos again that another recipe made: of all, or of an album, an owner, or those that
         *     arrived since a time. A photo shows its old variants until its new ones stand, and the old ones are removed some
         *     days later. It stays `ready` all the time, its owner hears nothing of it, and it does not count in any quota.
         *
         *     A dry run looks through the library for fifteen seconds and tells how many photos are of another recipe; of a
         *     larger library it tells what it saw, and `complete` is false. With `recipe`, the hash of a recipe, the answer is
         *     409 unless the functions were built with that recipe. One re-render runs at a time. A start is recorded with the
         *     operator's `user_id`.
         */
        post: operations["opsRerender"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/rerenders/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        /**
         * Show how far a re-render is
         * @description Counts its photos, and names the first hundred that failed: those keep their old variants, and the next re-render
         *     visits them again. It does not tell owners. The counts are there once all photos are listed.
         */
        get: operations["opsRerenderStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/rerenders/{name}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a re-render
         * @description No further photo is begun. What is done stays done, and another re-render goes on with the rest. A re-render that
         *     was ended elsewhere may be stopped, too. The stop is recorded with the operator's `user_id`.
         */
        post: operations["opsRerenderStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the API answers
         * @description The answer says that the API can be reached and its code runs. It calls no other service.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The contract of the API
         * @description This document as JSON, of the release that answers. Keep it, and ask again with its `etag`.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An e-mail address in ASCII. */
        Email: string;
        /**
         * Format: password
         * @description Long rather than complicated. No control characters, no space at either end.
         */
        Password: string;
        /** @description The code from the mail. */
        Code: string;
        /**
         * @description A variant, named in `settings/recipe.json`.
         * @enum {string}
         */
        Size: "thumbnail" | "small" | "medium" | "large";
        /**
         * @description A variant, or the original.
         * @enum {string}
         */
        SizeOrOriginal: "thumbnail" | "small" | "medium" | "large" | "original";
        /**
         * @description A variant, or all of them.
         * @enum {string}
         */
        SizeOrAll: "thumbnail" | "small" | "medium" | "large" | "all";
        /**
         * @description Variants have the formats that `settings/recipe.json` names, here JPEG; originals keep the format of the upload. `auto` leaves the choice to the `Accept` header.
         * @enum {string}
         */
        Format: "jpeg" | "png" | "webp" | "gif" | "bmp" | "tiff" | "heic" | "jxl" | "avif" | "auto";
        /**
         * @description `awaiting_upload` until the photo has arrived, then `processing`, and in the end `ready`, `rejected` (the upload cannot be developed; the outcome says why) or `failed` (our fault).
         * @enum {string}
         */
        Status: "awaiting_upload" | "processing" | "ready" | "rejected" | "failed";
        /**
         * @description Visible to its owner only, or to every signed-in user.
         * @enum {string}
         */
        Visibility: "private" | "public";
        Address: {
            email: components["schemas"]["Email"];
        };
        NewAccount: {
            email: components["schemas"]["Email"];
            password: components["schemas"]["Password"];
        };
        Credentials: {
            email: components["schemas"]["Email"];
            /** Format: password */
            password: string;
        };
        Verification: {
            email: components["schemas"]["Email"];
            code: components["schemas"]["Code"];
        };
        NewPassword: {
            email: components["schemas"]["Email"];
            code: components["schemas"]["Code"];
            password: components["schemas"]["Password"];
        };
        PasswordChange: {
            /**
             * Format: password
             * @description The current password.
             */
            password: string;
            new_password: components["schemas"]["Password"];
        };
        Message: {
            message: string;
        };
        Tokens: {
            /** @description Send this one. */
            id_token: string;
            refresh_token: string;
            /** @description Seconds. */
            expires_in: number;
            /** @enum {string} */
            token_type: "Bearer";
        };
        FreshTokens: {
            /** @description Send this one. */
            id_token: string;
            /** @description Seconds. */
            expires_in: number;
            /** @enum {string} */
            token_type: "Bearer";
        };
        Session: {
            /** @description Of `signIn`. */
            refresh_token: string;
        };
        /** @description Stored to be shown, and used as the name of a download. It is not a path: slashes, control characters and marks that turn the direction of writing are refused. */
        Filename: string;
        /** @enum {string} */
        ContentType: "image/jpeg" | "image/png" | "image/webp" | "image/gif" | "image/bmp" | "image/tiff" | "image/heic" | "image/heif" | "image/jxl";
        UploadRequest: {
            filename: components["schemas"]["Filename"];
            content_type: components["schemas"]["ContentType"];
            /**
             * Format: int64
             * @description Without it, the ticket is a form.
             */
            size_bytes?: number;
            /** @description The file's SHA-256 in hex; only together with `size_bytes`. Storage then refuses any other bytes. */
            sha256?: string;
            /**
             * Format: uuid
             * @description The album of yours into which the photo goes.
             */
            album_id?: string;
            /**
             * @description Who may see the photo. The default is private.
             * @enum {string}
             */
            visibility?: "private" | "public";
        };
        UploadsRequest: {
            uploads: components["schemas"]["UploadRequest"][];
        };
        Upload: {
            /** @enum {string} */
            method: "PUT" | "POST";
            /** @description A signed URL. Treat it as a secret until `expires_at`. */
            url: string;
            /** @description Send all of them unchanged; they are part of the signature. */
            headers: {
                [key: string]: string;
            };
            /** @description Only a form has these. Send all of them unchanged, and then the photo as `file`. */
            fields?: {
                [key: string]: string;
            };
            /** Format: date-time */
            expires_at: string;
        };
        Limits: {
            /** Format: int64 */
            max_bytes: number;
            max_side: number;
            /** Format: int64 */
            max_pixels: number;
            max_frames: number;
            content_types: string[];
        };
        UploadTicket: {
            /** Format: uuid */
            image_id: string;
            upload: components["schemas"]["Upload"];
            limits: components["schemas"]["Limits"];
            /** @description Relative to the API's URL. */
            status_url: string;
        };
        UploadTickets: {
            tickets: components["schemas"]["UploadTicket"][];
        };
        UppyParameters: {
            /** @enum {string} */
            method: "POST";
            url: string;
            /** @description A secret until the form expires. */
            fields: {
                [key: string]: string;
            };
            /** @description Seconds. */
            expires: number;
            /** Format: uuid */
            image_id: string;
        };
        Profile: {
            /** @description The name that other users see. No control or direction marks, no space at either end. */
            display_name: string;
            /** @description If it is not given, it stays as it is. */
            listed?: boolean;
        };
        /** @description A user who lists their profile. */
        User: {
            user_id: string;
            display_name: string;
        };
        Me: {
            /** @description The same for as long as the account exists. */
            user_id: string;
            display_name?: string;
            /** @description Whether others see your name on your public photos. */
            listed: boolean;
            /** @description Groups of the user at the last sign-in or refresh; `operators` run this environment. */
            roles: string[];
            usage: components["schemas"]["Usage"];
            stored: components["schemas"]["Stored"];
            limits: components["schemas"]["DayLimits"];
        };
        /** @description Used of this UTC day's quota. The declared size counts, uploaded or not. */
        Usage: {
            images: number;
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            resets_at: string;
        };
        /** @description The photos that are ready. They are counted within moments after an upload or a deletion. */
        Stored: {
            images: number;
            /**
             * Format: int64
             * @description Of originals and all their variants.
             */
            bytes: number;
            /** @description False: there are more than some twenty thousand photos, and only the newest are counted. */
            complete: boolean;
        };
        DayLimits: {
            images_per_day: number;
            /** Format: int64 */
            bytes_per_day: number;
            file: components["schemas"]["Limits"];
        };
        WebhookRequest: {
            url: components["schemas"]["WebhookUrl"];
        };
        /** @description `https`, a public domain name, port 443 or one from 1024; no user, no fragment. (An operator may name hosts for which these rules do not apply.) */
        WebhookUrl: string;
        Webhook: {
            url: components["schemas"]["WebhookUrl"];
            /** @enum {string} */
            state: "active" | "failing" | "disabled";
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last set.
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description When an event was last delivered.
             */
            delivered_at?: string;
            /**
             * Format: date-time
             * @description Since when no event has been delivered.
             */
            failing_since?: string;
            failure?: components["schemas"]["WebhookFailure"];
            /** Format: date-time */
            disabled_at?: string;
            /**
             * @description `gone`: the receiver answered 410.
             * @enum {string}
             */
            disabled_because?: "gone" | "failing";
            /** @description Give it to the receiver only. Only the answers of PUT and of `rotateWebhookSecret` have it; setting the same URL again returns it again. */
            secret?: string;
        };
        /** @description The last attempt, if it failed. */
        WebhookFailure: {
            /** Format: date-time */
            at: string;
            reason: components["schemas"]["WebhookRefusal"];
            /** @description What the receiver answered. */
            status?: number;
        };
        /**
         * @description `status`: an answer other than 2xx, such as a redirect; `timeout`: no answer within ten seconds; `unknown_host`:
         *     the name does not exist; `not_public`: the name resolves to an address that is not of the public internet;
         *     `tls`: the certificate is not valid; `unreachable`: no connection.
         * @enum {string}
         */
        WebhookRefusal: "status" | "timeout" | "unknown_host" | "not_public" | "tls" | "unreachable";
        WebhookTest: {
            delivered: boolean;
            /** @description What the receiver answered. */
            status?: number;
            reason?: components["schemas"]["WebhookRefusal"];
        };
        Image: {
            /** Format: uuid */
            image_id: string;
            status: components["schemas"]["Status"];
            /** @description For its owner. */
            filename?: string;
            owner?: components["schemas"]["User"];
            caption?: string;
            visibility: components["schemas"]["Visibility"];
            /**
             * Format: uuid
             * @description The album that it is in. For its owner.
             */
            album_id?: string;
            focus?: components["schemas"]["Focus"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The execution that develops it, while the status is `processing`; name it when you ask for help. */
            execution?: string;
            outcome?: components["schemas"]["Outcome"];
            source?: components["schemas"]["SourceFacts"];
            facts?: components["schemas"]["PictureFacts"];
            /** @description By size; present once the status is `ready`. */
            variants?: {
                [key: string]: components["schemas"]["Variant"];
            };
            /** @description The same pictures in other formats, where the recipe makes several, in the order in which a browser should take one. Each entry is a `<source>` of a `<picture>`, and the `variants` are its `<img>`. */
            sources?: components["schemas"]["Source"][];
        };
        /** @description The pictures in one format. */
        Source: {
            /** @description The `type` of a `<source>`. */
            content_type: string;
            /** @description By size. */
            variants: {
                [key: string]: components["schemas"]["Variant"];
            };
        };
        /** @description No control characters but line breaks, and no marks that turn the direction of writing. */
        Caption: string | null;
        /** @description At least one of these. */
        ImageChange: {
            caption?: components["schemas"]["Caption"];
            visibility?: components["schemas"]["Visibility"];
            /**
             * Format: uuid
             * @description An album of yours. A photo lies in one at most.
             */
            album_id?: string | null;
            /** @description The focal point, which crops keep. */
            focus?: {
                x: components["schemas"]["Share"];
                y: components["schemas"]["Share"];
            } | null;
        };
        /** @description The focal point, which crops keep. For its owner. */
        Focus: {
            x: components["schemas"]["Share"];
            y: components["schemas"]["Share"];
        };
        /** @description From the left or upper edge of the upright picture, as a share of its width or height, to the thousandth. */
        Share: number;
        ImageIds: {
            image_ids: components["schemas"]["UpToFiftyIds"];
        };
        UpToFiftyIds: string[];
        /** @description The photos, and at least one of the other fields. */
        ImagesChange: {
            image_ids: components["schemas"]["UpToFiftyIds"];
            caption?: components["schemas"]["Caption"];
            visibility?: components["schemas"]["Visibility"];
            /**
             * Format: uuid
             * @description An album of yours. A photo lies in one at most.
             */
            album_id?: string | null;
        };
        Deletions: {
            items: {
                /** Format: uuid */
                image_id: string;
                result: components["schemas"]["DeletionResult"];
            }[];
        };
        /**
         * @description `deleted`: removed for good; `not_found`: the photo does not exist, or is not yours; `processing`: it can be
         *     deleted in a moment.
         * @enum {string}
         */
        DeletionResult: "deleted" | "not_found" | "processing";
        Months: {
            items: {
                month: string;
                count: number;
            }[];
            /** @description False: there are older photos, beyond some twenty thousand, which are not counted. */
            complete: boolean;
        };
        /** @description Not only spaces; no control characters, and no marks that turn the direction of writing. */
        Title: string;
        /**
         * @description `private`: for its owner only; `link`: also for anybody who has a share link; `public`: also for every signed-in user who knows its id.
         * @enum {string}
         */
        AlbumVisibility: "private" | "link" | "public";
        Album: {
            /** Format: uuid */
            album_id: string;
            title: string;
            visibility: components["schemas"]["AlbumVisibility"];
            /** @description Photos in it that are `ready`, some moments ago, among the newest twenty thousand of its owner. For its owner. */
            count?: number;
            /** @description The newest of them, with a link to its thumbnail. For its owner. */
            cover?: components["schemas"]["Image"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        AlbumPage: {
            items: components["schemas"]["Album"][];
            /** @description There is more. */
            next_cursor?: string;
        };
        NewAlbum: {
            title: components["schemas"]["Title"];
            visibility?: components["schemas"]["AlbumVisibility"];
        };
        /** @description At least one of these. */
        AlbumChange: {
            title?: components["schemas"]["Title"];
            visibility?: components["schemas"]["AlbumVisibility"];
        };
        AddedImages: {
            image_ids: components["schemas"]["UpToFiftyIds"];
        };
        NewLink: {
            /**
             * Format: int64
             * @default 604800
             */
            expires_in_seconds: number;
        };
        ShareLink: {
            /** Format: uuid */
            link_id: string;
            /** @description Relative to the API's URL. Anybody who has it sees the album. */
            url: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
        };
        LinkPage: {
            items: components["schemas"]["ShareLink"][];
            /** @description There is more. */
            next_cursor?: string;
        };
        SharedAlbum: {
            title: string;
            /**
             * Format: date-time
             * @description When the link expires.
             */
            expires_at: string;
            items: components["schemas"]["Image"][];
            /** @description There is more. */
            next_cursor?: string;
        };
        ImagePage: {
            items: components["schemas"]["Image"][];
            /** @description There is more. */
            next_cursor?: string;
        };
        ImageList: {
            items: components["schemas"]["Image"][];
        };
        SimilarImages: {
            items: {
                /** @description Bits of 64 in which the hashes differ. */
                distance: number;
                image: components["schemas"]["Image"];
            }[];
        };
        Timeline: {
            items: {
                /** @enum {string} */
                event: "ticket_given" | "photo_arrived" | "processing" | "ready" | "rejected" | "failed";
                /** Format: date-time */
                at: string;
                execution?: string;
                /** @enum {string} */
                stage?: "validate" | "resize" | "watermark" | "publish";
                /** @description A name of `docs/ERRORS.md`. */
                code?: string;
            }[];
        };
        /** @description Why there are no variants. */
        Outcome: {
            /** @description A name of `docs/ERRORS.md`, or a name of AWS's own such as `States.Timeout`. */
            code: string;
            /** @description For people. */
            message: string;
            /**
             * @description The stage in which it ended.
             * @enum {string}
             */
            stage?: "validate" | "resize" | "watermark" | "publish";
            /** @description The execution of the state machine; name it when you ask for help. */
            execution?: string;
            /** Format: uri-reference */
            docs: string;
        };
        /** @description The original, as read from its header. */
        SourceFacts: {
            format: string;
            /** @description As seen upright. */
            width: number;
            /** @description As seen upright. */
            height: number;
            /** @description The EXIF orientation that was undone. */
            orientation: number;
            /** Format: int64 */
            bytes: number;
            /** @description Variants show the first frame. */
            animated?: boolean;
            camera?: string;
            /** @description The time of the camera's clock. */
            taken_at?: string;
        };
        /** @description Facts read from the pixels. */
        PictureFacts: {
            /** @description Of the uploaded bytes. For its owner. */
            sha256?: string;
            /** @description A placeholder of some 25 bytes in base64. */
            thumbhash: string;
            dominant_color: string;
            /** @description Pictures that look alike differ in few of its 64 bits. For its owner. */
            phash?: string;
        };
        Variant: {
            /** @description A signed URL. Treat it as a secret until `expires_at`. */
            url: string;
            /** Format: date-time */
            expires_at: string;
            width: number;
            height: number;
            /** Format: int64 */
            bytes: number;
            content_type: string;
        };
        /** @enum {string} */
        OpsStatusFilter: "running" | "succeeded" | "failed" | "timed_out" | "aborted";
        /**
         * @description As Step Functions says. A rejected photo's execution succeeded.
         * @enum {string}
         */
        OpsStatus: "running" | "succeeded" | "failed" | "timed_out" | "aborted" | "pending_redrive";
        OpsOverview: {
            /** Format: date-time */
            at: string;
            /** @description How many days back executions and failures are counted. */
            days: number;
            queues: components["schemas"]["OpsQueue"][];
            /** @description One entry for each status that can be filtered by. */
            executions: {
                status: components["schemas"]["OpsStatusFilter"];
                count: number;
                /** @description There are more than were counted. */
                at_least: boolean;
            }[];
            /**
             * Format: date-time
             * @description When the oldest of those that run was started.
             */
            running_since?: string;
            failures: components["schemas"]["OpsFailureCount"][];
            /** @description False: there are more than were counted. */
            failures_complete: boolean;
            /** @description The slowest first. */
            stages: {
                state: string;
                /** @description How many of the examined executions entered it. */
                executions: number;
                /**
                 * Format: int64
                 * @description From entry to exit, waiting and retries included.
                 */
                median_ms: number;
                /** Format: int64 */
                slowest_ms: number;
                slowest_execution: string;
            }[];
            /** @description The newest ten redrives. */
            acts: components["schemas"]["OpsAct"][];
        };
        /** @description Numbers are SQS's own approximations. */
        OpsQueue: {
            /** @enum {string} */
            name: "uploads" | "webhooks" | "erasures" | "announcements";
            waiting?: number;
            /** @description Received and not yet deleted. */
            in_flight?: number;
            delayed?: number;
            dead_letters: number;
            /** @description Whether dead letters can be sent back. Those of `announcements` name places in a stream. */
            redrivable: boolean;
        };
        /** @description What an operator did. Kept for 90 days, as long as Step Functions keeps an execution. */
        OpsAct: {
            /** @enum {string} */
            act: "restart" | "redrive";
            /** @description The operator's `user_id`. */
            by: string;
            /** Format: date-time */
            at: string;
            /** @description The execution that was started again. */
            execution?: string;
            /** @description The name of the new execution. Without it the start did not succeed. */
            started?: string;
            queue?: components["schemas"]["OpsRedrivable"];
            /** @description How many dead letters the operator asked to send back. */
            asked?: number;
            /** @description How many were sent back. Without it the redrive did not finish. */
            moved?: number;
        };
        OpsExecutionPage: {
            items: components["schemas"]["OpsExecution"][];
            /** @description There is more, or there may be. */
            next_cursor?: string;
        };
        OpsExecution: {
            name: string;
            /**
             * Format: uuid
             * @description The image in the execution's name.
             */
            image_id?: string;
            status: components["schemas"]["OpsStatus"];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            stopped_at?: string;
            /** Format: int64 */
            duration_ms?: number;
        };
        OpsExecutionDetail: {
            /**
             * Format: date-time
             * @description The time of this answer.
             */
            at: string;
            name: string;
            /** Format: uuid */
            image_id?: string;
            status: components["schemas"]["OpsStatus"];
            /**
             * @description The outcome that its last state stands for. `superseded` is a newer version or a deletion.
             * @enum {string}
             */
            outcome?: "ready" | "rejected" | "superseded" | "failed";
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            stopped_at?: string;
            /** Format: int64 */
            duration_ms?: number;
            error?: components["schemas"]["OpsError"];
            /** @description The first execution of this version, if this one is a restart. */
            restarted_from?: string;
            /** @description The version of the original. */
            version_id?: string;
            /** Format: int64 */
            size_bytes?: number;
            states: components["schemas"]["OpsState"][];
            /** @description False: the history has more than 5,000 events, and the rest is not shown. */
            complete: boolean;
            /**
             * Format: uri
             * @description The execution in AWS's console; a laptop has none.
             */
            console_url?: string;
            /**
             * Format: uri
             * @description Logs Insights in AWS's console, with the query for the log lines of this execution; a laptop has none. Absent
             *     if the execution's input is not a work order.
             */
            logs_url?: string;
            record?: components["schemas"]["OpsRecord"];
            deleted_at?: components["schemas"]["OpsDeletedAt"];
            deliveries: components["schemas"]["OpsDeliveries"];
            /** @description What operators did with it and with other executions of the same version, the newest first. */
            acts: components["schemas"]["OpsAct"][];
        };
        OpsError: {
            /** @description A name of `docs/ERRORS.md`, or one of AWS such as `States.Timeout`. */
            code: string;
            /** @description For operators. */
            cause?: string;
            release?: components["schemas"]["OpsRelease"];
        };
        /**
         * @description The function that failed and its version, as AWS writes both; a release publishes a version of each function that
         *     it changes. Absent for an error of an earlier release of Darkroom, and for one of AWS, such as a timeout.
         * @example darkroom-dev-validate:7
         */
        OpsRelease: string;
        OpsState: {
            name: string;
            /** @enum {string} */
            type: "Task" | "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Parallel" | "Map";
            /**
             * @description `caught`: the last attempt failed, and the machine went on to the state that the Catch names.
             * @enum {string}
             */
            status: "running" | "succeeded" | "caught" | "failed";
            /** Format: date-time */
            entered_at: string;
            /** Format: date-time */
            exited_at?: string;
            /** Format: int64 */
            duration_ms?: number;
            /** @description Attempts after the first. */
            retries: number;
            /** @description Of a Task. */
            attempts: {
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                ended_at?: string;
                /** Format: int64 */
                duration_ms?: number;
                error?: components["schemas"]["OpsError"];
            }[];
        };
        OpsImage: {
            /**
             * Format: date-time
             * @description The time of this answer.
             */
            at: string;
            /** Format: uuid */
            image_id: string;
            record?: components["schemas"]["OpsRecord"];
            deleted_at?: components["schemas"]["OpsDeletedAt"];
            deliveries: components["schemas"]["OpsDeliveries"];
        };
        /**
         * @description The attempts to deliver the photo's announcements to its owner's webhook, the first first, for thirty days behind
         *     the last. They tell neither the URL nor its host.
         */
        OpsDeliveries: {
            /** Format: date-time */
            at: string;
            /** @description The kind of the announcement. */
            event: string;
            /** @description How often the queue has handed the announcement out. */
            attempt: number;
            /**
             * @description `refused` and `given_up`: the receiver did not take it, and it comes again, or does not. `failed` and
             *     `dead_letter`: Darkroom failed, and it comes again, or waits in the webhooks' dead-letter queue.
             * @enum {string}
             */
            result: "delivered" | "refused" | "given_up" | "failed" | "dead_letter";
            /** @description The status code of the receiver, if it answered. */
            status?: number;
            /** @description Why the receiver did not take it, or the name of an error of Darkroom. */
            reason?: string;
            /**
             * Format: int64
             * @description Seconds until the next attempt.
             */
            again_in_s?: number;
        }[];
        /**
         * Format: date-time
         * @description When the photo was deleted, if that was in the last thirty days.
         */
        OpsDeletedAt: string;
        /** @description The photo's record now, without its owner, file name and caption. */
        OpsRecord: {
            status: components["schemas"]["OpsRecordStatus"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When the version that it is about was marked as arrived.
             */
            arrived_at?: string;
            /**
             * Format: date-time
             * @description When an execution of it was last about to be started.
             */
            began_at?: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: date-time
             * @description Until when an unused ticket is valid.
             */
            awaited_until?: string;
            /** @description The name of the first execution of the version that it is about. */
            version_execution?: string;
            /** @enum {string} */
            outcome?: "ready" | "rejected" | "failed";
            /**
             * Format: date-time
             * @description When the outcome was written.
             */
            outcome_at?: string;
            /**
             * Format: date-time
             * @description When the photo was last moved to another recipe.
             */
            rerendered_at?: string;
            /** @description The name of that re-render. */
            rerendered_by?: string;
            /** @description A name of `docs/ERRORS.md`. */
            code?: string;
            /** @enum {string} */
            stage?: "validate" | "resize" | "watermark" | "publish";
            /** @description For operators. */
            message?: string;
            release?: components["schemas"]["OpsRelease"];
            /** @description Which execution wrote the outcome. */
            execution?: string;
            /** Format: uri-reference */
            docs?: string;
            format?: string;
            width?: number;
            height?: number;
            /** Format: int64 */
            bytes?: number;
            variants?: {
                name: string;
                width: number;
                height: number;
                /** Format: int64 */
                bytes: number;
                content_type: string;
            }[];
        };
        OpsRestarted: {
            /** @description The execution that runs now. */
            name: string;
            restarted_from: string;
        };
        OpsFailureCount: {
            /**
             * Format: date
             * @description When it ended, UTC.
             */
            day: string;
            /** @description A name of `docs/ERRORS.md` or of AWS. `States.Timeout` if the execution timed out, `Aborted` if it was stopped without an error name. */
            code: string;
            count: number;
        };
        OpsFailures: {
            days: number;
            /** @description The newest day first. */
            counts: components["schemas"]["OpsFailureCount"][];
            /** @description False: there are more than were counted. */
            complete: boolean;
            items: {
                name: string;
                /** Format: uuid */
                image_id?: string;
                status: components["schemas"]["OpsStatus"];
                code: string;
                cause?: string;
                release?: components["schemas"]["OpsRelease"];
                /** @description The state in which it failed. */
                state?: string;
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                stopped_at: string;
            }[];
        };
        /**
         * @description The reasons for which a photo is rejected; docs/ERRORS.md explains each.
         * @enum {string}
         */
        RejectionCode: "Image.Empty" | "Image.TooLarge" | "Image.TooManyPixels" | "Image.TooManyFrames" | "Image.Unsupported" | "Image.Heic" | "Image.Avif" | "Image.TypeMismatch" | "Image.Corrupt" | "Image.TooComplex" | "Image.Gone";
        OpsRejectedPage: {
            items: {
                /** Format: uuid */
                image_id: string;
                /** Format: date-time */
                rejected_at: string;
                /** @description A name of `docs/ERRORS.md`. */
                code?: string;
                stage?: string;
                /** @description For operators: what the stage said. */
                message?: string;
                release?: components["schemas"]["OpsRelease"];
                /** @description The execution that rejected it. */
                execution?: string;
            }[];
            /** @description There is more, or there may be. */
            next_cursor?: string;
        };
        OpsMachine: {
            start_at: string;
            states: {
                name: string;
                /** @enum {string} */
                type: "Task" | "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Parallel" | "Map";
                /**
                 * @description The worker that it calls.
                 * @enum {string}
                 */
                function?: "validate" | "resize" | "watermark";
                comment?: string;
            }[];
            edges: {
                from: string;
                to: string;
                /** @enum {string} */
                kind: "next" | "catch";
                /** @description The errors that are caught. */
                errors?: string[];
            }[];
        };
        /** @enum {string} */
        OpsRedrivable: "uploads" | "webhooks" | "erasures";
        OpsRedrive: {
            count: number;
            /** @description Move nothing, and tell what each letter is. Without it, they are moved. */
            dry_run?: boolean;
            /** @description Only letters with this `code`: see the answer. */
            code?: string;
            /** @description Only letters about this user. Imports belong to `operator`. */
            owner_id?: string;
            /** @description Only letters that were first sent so long ago or earlier. */
            older_than_s?: number;
        };
        OpsRedriven: {
            queue: components["schemas"]["OpsRedrivable"];
            /** @description May be fewer than `count`: there are no more, or SQS returns no more for now. */
            moved: number;
            looked_at: number;
            dry_run: boolean;
            /** @description Those that were sent back or, in a dry run, would be. */
            letters: components["schemas"]["OpsLetter"][];
        };
        OpsLetter: {
            /** Format: uuid */
            image_id?: string;
            /** @description Of an import. Other keys name their owners. */
            key?: string;
            /** @description Of `webhooks`: the kind of event. */
            event?: string;
            /**
             * Format: date-time
             * @description When the message was first sent.
             */
            sent_at?: string;
            /** @description How often it was received, as SQS counts. */
            received: number;
            /**
             * @description As far as the letter or the record tells: `Worker.BadInput` if the body is none that the queue's function
             *     reads, the error of EventBridge if it could not deliver, the code of the photo's outcome. The record is read
             *     for a dry run or a filter by `code`.
             */
            code?: string;
            record?: components["schemas"]["OpsRecordStatus"];
        };
        /**
         * @description The status of the photo's record. Without it there is no record, or it was not read.
         * @enum {string}
         */
        OpsRecordStatus: "awaiting_upload" | "processing" | "ready" | "rejected" | "failed" | "deleting";
        OpsImportName: string;
        OpsImportRequest: {
            bucket: string;
            /** @description The beginning of the keys. Without it, the whole bucket. */
            prefix?: string;
            /** @description The `user_id` or the e-mail address of the user who gets the photos. */
            owner: string;
            /** @description Without it, made of bucket, prefix and owner. */
            name?: string;
            /** @description Count, and write nothing. */
            dry_run?: boolean;
            /** @description Count behind this key. */
            after?: string;
        };
        OpsImportCount: {
            name: components["schemas"]["OpsImportName"];
            owner_id: string;
            counted: {
                /**
                 * Format: int64
                 * @description Objects of a size that an upload may have.
                 */
                photos: number;
                /**
                 * Format: int64
                 * @description Of these.
                 */
                bytes: number;
                /** Format: int64 */
                empty: number;
                /** Format: int64 */
                too_large: number;
                /** @description There are more objects behind this key. */
                next?: string;
            };
            /** @description As fast as an import of this environment is. */
            photos_per_second: number;
            /** @description What bringing and developing a photo costs (docs/COST.md). */
            usd_per_photo: number;
        };
        OpsImportRun: {
            name: components["schemas"]["OpsImportName"];
            /** Format: int64 */
            run: number;
            /** @description Of the state machine that imports. */
            execution: string;
        };
        OpsImport: {
            name: components["schemas"]["OpsImportName"];
            bucket: string;
            prefix: string;
            owner_id: string;
            /**
             * Format: int64
             * @description How often it was started.
             */
            run: number;
            /** @description The `user_id` of the operator who started this run. */
            by: string;
            /** Format: date-time */
            started_at: string;
            /**
             * Format: int64
             * @description The run that an operator stopped last.
             */
            stopped_run?: number;
            execution: string;
            status?: components["schemas"]["OpsStatus"];
            /**
             * Format: date-time
             * @description When the execution ended.
             */
            stopped_at?: string;
            counts: components["schemas"]["OpsImportCounts"];
            refused: components["schemas"]["OpsImportRefusal"][];
            /**
             * Format: uuid
             * @description There may be more: the `after` of the next page.
             */
            next?: string;
        };
        /** @description What became of the objects of this run. Each is in one of the first six. */
        OpsImportCounts: {
            /**
             * Format: int64
             * @description Brought by this run.
             */
            ready: number;
            /**
             * Format: int64
             * @description Ready before, by an earlier run.
             */
            known: number;
            /**
             * Format: int64
             * @description Not copied.
             */
            refused: number;
            /**
             * Format: int64
             * @description Copied, and rejected by the pipeline.
             */
            rejected: number;
            /**
             * Format: int64
             * @description Copied, and failed in the pipeline: an operator must act.
             */
            failed: number;
            /**
             * Format: int64
             * @description Copied, and not ended within a quarter of an hour.
             */
            late: number;
            /**
             * Format: int64
             * @description Copied by this run.
             */
            bytes: number;
        };
        OpsImportRefusal: {
            /**
             * Format: uuid
             * @description The image that it is, or would have been.
             */
            image_id: string;
            /** @description In the bucket that is imported. */
            key: string;
            /** Format: int64 */
            size_bytes: number;
            /**
             * @description `empty`, `too_large`: no ticket would be given for it. `archived`: its storage class must be restored first.
             *     `unreadable`: its bucket or key does not let Darkroom read it. `gone`, `changed`: since it was listed.
             *     `deleted`: its owner deleted it before. `rejected`, `failed`: by the pipeline, for `code`. `late`: it had not
             *     ended yet.
             * @enum {string}
             */
            reason: "empty" | "too_large" | "archived" | "unreadable" | "gone" | "changed" | "deleted" | "rejected" | "failed" | "late";
            code?: string;
        };
        OpsSweep: {
            /** @description Whether the run only tells what it would do. */
            dry_run: boolean;
        };
        OpsSwept: {
            /** Format: date-time */
            at: string;
            dry_run: boolean;
            /**
             * @description How many photos that have not ended each step was taken for, or would be. `leave`: nothing, another part of
             *     Darkroom has time left for it.
             */
            steps: {
                [key: string]: number;
            };
            /** @description What could not be looked at. The log of `sweep` says why. */
            errors: number;
            /** @description Photos for which no time was left. */
            left: number;
            /** @description The first photos that need something. */
            photos: components["schemas"]["OpsUnfinished"][];
            drift?: components["schemas"]["OpsDrift"];
            last_walk?: components["schemas"]["OpsDrift"];
        };
        OpsUnfinished: {
            /** Format: uuid */
            image_id: string;
            /**
             * @description Without it, the photo could not be decided or settled, and `why` is the code of the error.
             * @enum {string}
             */
            step?: "tell_event" | "close_ticket" | "record_failure" | "finish_deletion" | "unlist" | "end_quarantine";
            why: string;
        };
        /** @description A walk along records and objects. */
        OpsDrift: {
            /** Format: date-time */
            began_at: string;
            /**
             * Format: date-time
             * @description Without it, the walk has not come to its end.
             */
            ended_at?: string;
            /**
             * Format: int64
             * @description Records of ready photos that were looked at.
             */
            records: number;
            /**
             * Format: int64
             * @description Originals, and folders of variants, that were looked at.
             */
            objects: number;
            found: components["schemas"]["OpsDriftKind"][];
        };
        OpsDriftKind: {
            /** @enum {string} */
            kind: "original_missing" | "variant_missing" | "variant_unnamed" | "variant_superseded" | "original_unexplained" | "original_of_deleted" | "variant_unexplained" | "variant_of_deleted" | "key_unknown";
            /** Format: int64 */
            count: number;
            /** @description The `image_id` of the first one, or the key that names no photo. */
            example: string;
            why: string;
            /**
             * @description What a run that is not dry does about it. Without it, nothing is touched.
             * @enum {string}
             */
            remedy?: "hide" | "remove";
        };
        OpsRerender: {
            /** @description Whether it only tells what it would do. */
            dry_run: boolean;
            /** @description The hash of the recipe that is meant. Without it, that of the functions. */
            recipe?: string;
            /**
             * Format: uuid
             * @description Only photos in this album.
             */
            album_id?: string;
            /** @description Only photos of this owner. */
            owner_id?: string;
            /**
             * Format: date-time
             * @description Only photos that arrived at this time or later.
             */
            since?: string;
        };
        OpsRerenderExpected: {
            dry_run: boolean;
            /** @description The hash of the recipe that the functions were built with. */
            recipe: string;
            /**
             * Format: int64
             * @description Ready photos that were looked at.
             */
            looked_at: number;
            /**
             * Format: int64
             * @description Those that another recipe made.
             */
            photos: number;
            /**
             * Format: int64
             * @description Of the originals of these.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Of the originals of these.
             */
            pixels: number;
            /** @description Whether all photos that are meant were looked at. */
            complete: boolean;
            /** @description Photos that are made at the same time. */
            at_once: number;
        };
        OpsRerenderStarted: {
            dry_run: boolean;
            name: string;
            recipe: string;
        };
        OpsRerenders: {
            items: {
                name: string;
                status: components["schemas"]["OpsStatus"];
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                stopped_at?: string;
            }[];
        };
        OpsRerenderStatus: {
            /** Format: date-time */
            at: string;
            name: string;
            status: components["schemas"]["OpsStatus"];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            stopped_at?: string;
            /** @description The hash of the recipe to which it moves photos. */
            recipe?: string;
            /** @description Photos, by what became of them. One that was passed over has succeeded. */
            items?: {
                /** Format: int64 */
                total: number;
                /** Format: int64 */
                pending: number;
                /** Format: int64 */
                running: number;
                /** Format: int64 */
                succeeded: number;
                /** Format: int64 */
                failed: number;
                /** Format: int64 */
                aborted: number;
            };
            failed: {
                /** Format: uuid */
                image_id: string;
                code: string;
                stage: string;
                /** Format: date-time */
                at: string;
            }[];
            /** @description Whether these are all that failed. */
            failed_complete: boolean;
            /** @description The error that ended it. */
            error?: string;
            cause?: string;
        };
        OpsRerenderStopped: {
            name: string;
            was: components["schemas"]["OpsStatus"];
        };
        Health: {
            /** @enum {string} */
            status: "ok";
            /** @description Of the release. */
            version: string;
            /** @description The commit that the release was built from */
            commit?: string;
        };
        /** @description As the OpenAPI specification 3.0 describes it. */
        OpenApi: {
            [key: string]: unknown;
        };
        /** @description An error, after RFC 9457. */
        Problem: {
            /**
             * Format: uri-reference
             * @description Where the code is explained.
             */
            type: string;
            /** @description What happened and what to do. */
            title: string;
            status: number;
            code: components["schemas"]["ProblemCode"];
            /** @description More about this one case. */
            detail?: string;
            request_id: string;
            errors?: {
                field: string;
                message: string;
            }[];
        };
        /**
         * @description Stable. Build on this, not on titles.
         * @enum {string}
         */
        ProblemCode: "Transient.Storage" | "Transient.Unavailable" | "Transient.StaleWork" | "Worker.Misconfigured" | "Worker.Denied" | "Worker.BadInput" | "Worker.Bug" | "Worker.Stuck" | "Request.Invalid" | "Request.TooLarge" | "Request.NotFound" | "Request.Conflict" | "Request.IdempotencyMismatch" | "Request.QuotaExceeded" | "Request.Throttled" | "Auth.Unauthorized" | "Auth.SignInAgain" | "Auth.InvalidCredentials" | "Auth.SessionEnded" | "Auth.CodeInvalid" | "Auth.PasswordPolicy";
    };
    responses: {
        /** @description Nothing has changed since the answer with this `etag`. */
        NotModified: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                etag: components["headers"]["ETag"];
                "cache-control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Accepted. The answer does not tell whether the address has an account. */
        Accepted: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "If the address can receive a code, it is on its way."
                 *     }
                 */
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description Done. */
        Done: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "The address is confirmed. You can sign in."
                 *     }
                 */
                "application/json": components["schemas"]["Message"];
            };
        };
        /** @description The request does not match the description; `errors` names the fields. */
        Invalid: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.Invalid",
                 *       "title": "The request does not match the API's description.",
                 *       "status": 400,
                 *       "code": "Request.Invalid",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d",
                 *       "errors": [
                 *         {
                 *           "field": "size_bytes",
                 *           "message": "must be 1 to 52428800"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request does not match the description, the code is wrong or old, or the password too simple. */
        CodeInvalid: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Auth.CodeInvalid",
                 *       "title": "The code is wrong or has expired.",
                 *       "status": 400,
                 *       "code": "Auth.CodeInvalid",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The token is missing or not valid here. */
        Unauthorized: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Auth.Unauthorized",
                 *       "title": "Sign in and send the id token as a bearer token.",
                 *       "status": 401,
                 *       "code": "Auth.Unauthorized",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This does not exist, or it is not yours. */
        NotFound: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.NotFound",
                 *       "title": "This does not exist, or it is not yours.",
                 *       "status": 404,
                 *       "code": "Request.NotFound",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A page of photos. */
        ImagePage: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                etag: components["headers"]["ETag"];
                "cache-control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                 *           "status": "ready",
                 *           "filename": "Sunset at the lake.jpg",
                 *           "caption": "Sunset at the lake",
                 *           "visibility": "public",
                 *           "album_id": "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21",
                 *           "created_at": "2026-01-31T12:00:00Z",
                 *           "updated_at": "2026-01-31T12:00:07Z",
                 *           "variants": {
                 *             "thumbnail": {
                 *               "url": "https://images.example.com/variants/…?X-Amz-Signature=…",
                 *               "expires_at": "2026-01-31T12:15:00Z",
                 *               "width": 150,
                 *               "height": 200,
                 *               "bytes": 9423,
                 *               "content_type": "image/jpeg"
                 *             }
                 *           }
                 *         }
                 *       ],
                 *       "next_cursor": "Ar08Q8D6GOjF5jomlgqa63DjUWw9kx-mAOx9PJ1xTqoU9TpZHBCTiEmtRRfR"
                 *     }
                 */
                "application/json": components["schemas"]["ImagePage"];
            };
        };
        /** @description The photos as they are now, in the order of the request, each with a link to its thumbnail. */
        ChangedImages: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "items": [
                 *         {
                 *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                 *           "status": "ready",
                 *           "filename": "Sunset at the lake.jpg",
                 *           "visibility": "public",
                 *           "created_at": "2026-01-31T12:00:00Z",
                 *           "updated_at": "2026-01-31T12:01:12Z",
                 *           "variants": {
                 *             "thumbnail": {
                 *               "url": "https://images.example.com/variants/…?X-Amz-Signature=…",
                 *               "expires_at": "2026-01-31T12:15:00Z",
                 *               "width": 150,
                 *               "height": 200,
                 *               "bytes": 9423,
                 *               "content_type": "image/jpeg"
                 *             }
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ImageList"];
            };
        };
        /** @description Something else must happen first; `detail` says what. If waiting is enough, `retry-after` says how long. */
        NotNow: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                /** @description Seconds. */
                "retry-after"?: number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.Conflict",
                 *       "title": "The state of the photo, album or execution does not allow this.",
                 *       "status": 409,
                 *       "code": "Request.Conflict",
                 *       "detail": "The photo is being processed. It can be deleted in a moment.",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The execution has not ended, its photo was deleted or has another version, or it was started again too often. */
        StillRuns: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.Conflict",
                 *       "title": "The state of the photo, album or execution does not allow this.",
                 *       "status": 409,
                 *       "code": "Request.Conflict",
                 *       "detail": "The execution has not ended yet.",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body has more than 64 KB. */
        TooLarge: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.TooLarge",
                 *       "title": "The request body is too large.",
                 *       "status": 413,
                 *       "code": "Request.TooLarge",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests. */
        Throttled: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "retry-after": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.Throttled",
                 *       "title": "Too many requests. Wait a little and try again.",
                 *       "status": 429,
                 *       "code": "Request.Throttled",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The photo has arrived; there is nothing left to upload. */
        Arrived: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.Conflict",
                 *       "title": "The state of the photo, album or execution does not allow this.",
                 *       "status": 409,
                 *       "code": "Request.Conflict",
                 *       "detail": "The photo has arrived already.",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The `Idempotency-Key` was used for another request. */
        IdempotencyMismatch: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.IdempotencyMismatch",
                 *       "title": "This Idempotency-Key was used for another request.",
                 *       "status": 422,
                 *       "code": "Request.IdempotencyMismatch",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests, or the day's quota is used up; `code` says which. */
        QuotaExceeded: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "retry-after": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Request.QuotaExceeded",
                 *       "title": "This would exceed your quota for today. Come back tomorrow.",
                 *       "status": 429,
                 *       "code": "Request.QuotaExceeded",
                 *       "detail": "2000 of 2000 images of this day (UTC) are used.",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account. */
        Me: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "user_id": "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f",
                 *       "display_name": "Ada",
                 *       "listed": false,
                 *       "roles": [],
                 *       "usage": {
                 *         "images": 12,
                 *         "bytes": 50199528,
                 *         "resets_at": "2026-02-01T00:00:00Z"
                 *       },
                 *       "stored": {
                 *         "images": 840,
                 *         "bytes": 4026531840,
                 *         "complete": true
                 *       },
                 *       "limits": {
                 *         "images_per_day": 2000,
                 *         "bytes_per_day": 21474836480,
                 *         "file": {
                 *           "max_bytes": 52428800,
                 *           "max_side": 30000,
                 *           "max_pixels": 100000000,
                 *           "max_frames": 1000,
                 *           "content_types": [
                 *             "image/jpeg",
                 *             "image/png",
                 *             "image/webp",
                 *             "image/gif",
                 *             "image/bmp",
                 *             "image/tiff",
                 *             "image/heic",
                 *             "image/heif",
                 *             "image/jxl"
                 *           ]
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Me"];
            };
        };
        /** @description Not the client's fault. A 503 (with `retry-after`) will pass, a 500 needs an operator. */
        Failure: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                /** @description Seconds, with a 503. */
                "retry-after"?: number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "docs/ERRORS.md#Transient.Unavailable",
                 *       "title": "A service did not answer in time. Try again.",
                 *       "status": 503,
                 *       "code": "Transient.Unavailable",
                 *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description From the upload ticket. */
        ImageId: string;
        /**
         * @description A name for this request: a new one for each request, the same for each try. Within 24 hours the same key and
         *     body give the same tickets: same images, same expiry, and nothing more counted. They are signed again, so the
         *     URL may name another key of ours; tickets that have expired meanwhile are renewed at `POST /upload/{image_id}`.
         */
        IdempotencyKey: string;
        UserId: string;
        AlbumId: string;
        /** @description The highest number of items in a page. */
        Limit: number;
        /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
        Cursor: string;
        /** @description Up to fifty ids, each once, with commas between them. */
        Ids: string;
        /** @description The variant to which each photo has a link, or `all` of them. The default is the thumbnail. */
        LinksOf: components["schemas"]["SizeOrAll"];
        /** @description The name of an import. */
        ImportName: components["schemas"]["OpsImportName"];
        /** @description The name of an execution, which begins with its image's id. */
        ExecutionName: string;
        /** @description The `etag` of an earlier answer. */
        IfNoneMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description The id of this request, also in our logs. */
        RequestId: string;
        /** @description The version of this answer, for `if-none-match`. */
        ETag: string;
        /** @description `no-store`, `private, no-cache` (keep the answer, but ask again before using it), or for how many seconds it may be kept. */
        CacheControl: string;
        /** @description Seconds. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "a good long password"
                 *     }
                 */
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            202: components["responses"]["Accepted"];
            400: components["responses"]["Invalid"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["Verification"];
            };
        };
        responses: {
            200: components["responses"]["Done"];
            400: components["responses"]["CodeInvalid"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    resendCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["Address"];
            };
        };
        responses: {
            202: components["responses"]["Accepted"];
            400: components["responses"]["Invalid"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "a good long password"
                 *     }
                 */
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id_token": "eyJraWQiOi...",
                     *       "refresh_token": "eyJjdHkiOi...",
                     *       "expires_in": 3600,
                     *       "token_type": "Bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Invalid"];
            /** @description Address and password do not go together. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "docs/ERRORS.md#Auth.InvalidCredentials",
                     *       "title": "The address and the password do not match.",
                     *       "status": 401,
                     *       "code": "Auth.InvalidCredentials",
                     *       "detail": "If the account is new, confirm its address first.",
                     *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "eyJjdHkiOi"
                 *     }
                 */
                "application/json": components["schemas"]["Session"];
            };
        };
        responses: {
            /** @description New tokens. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id_token": "eyJraWQiOi...",
                     *       "expires_in": 3600,
                     *       "token_type": "Bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["FreshTokens"];
                };
            };
            400: components["responses"]["Invalid"];
            /** @description The refresh token is not valid any more, or never was. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "docs/ERRORS.md#Auth.SessionEnded",
                     *       "title": "This sign-in has ended. Sign in again.",
                     *       "status": 401,
                     *       "code": "Auth.SessionEnded",
                     *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "eyJjdHkiOi"
                 *     }
                 */
                "application/json": components["schemas"]["Session"];
            };
        };
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["Address"];
            };
        };
        responses: {
            202: components["responses"]["Accepted"];
            400: components["responses"]["Invalid"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    confirmForgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "code": "654321",
                 *       "password": "a better long password"
                 *     }
                 */
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            200: components["responses"]["Done"];
            400: components["responses"]["CodeInvalid"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a good long password",
                 *       "new_password": "a better long password"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description The password is changed, and this is the new sign-in. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id_token": "eyJraWQiOi...",
                     *       "refresh_token": "eyJjdHkiOi...",
                     *       "expires_in": 3600,
                     *       "token_type": "Bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description The request does not match the description, the password is wrong, or the new one too simple. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "docs/ERRORS.md#Request.Invalid",
                     *       "title": "The request does not match the API's description.",
                     *       "status": 400,
                     *       "code": "Request.Invalid",
                     *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d",
                     *       "errors": [
                     *         {
                     *           "field": "password",
                     *           "message": "is not the password of this account, or was tried too often"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request: a new one for each request, the same for each try. Within 24 hours the same key and
                 *     body give the same tickets: same images, same expiry, and nothing more counted. They are signed again, so the
                 *     URL may name another key of ours; tickets that have expired meanwhile are renewed at `POST /upload/{image_id}`.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filename": "Sunset at the lake.jpg",
                 *       "content_type": "image/jpeg",
                 *       "size_bytes": 4183294,
                 *       "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                 *     }
                 */
                "application/json": components["schemas"]["UploadRequest"];
            };
        };
        responses: {
            /** @description The ticket. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Where the image's status is found, relative to this request's URL. */
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *       "upload": {
                     *         "method": "PUT",
                     *         "url": "https://originals.example.com/uploads/…?X-Amz-Signature=…",
                     *         "headers": {
                     *           "content-length": "4183294",
                     *           "content-type": "image/jpeg",
                     *           "if-none-match": "*",
                     *           "x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
                     *           "x-amz-server-side-encryption": "aws:kms",
                     *           "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:000000000000:key/…"
                     *         },
                     *         "expires_at": "2026-01-31T12:15:00Z"
                     *       },
                     *       "limits": {
                     *         "max_bytes": 52428800,
                     *         "max_side": 30000,
                     *         "max_pixels": 100000000,
                     *         "max_frames": 1000,
                     *         "content_types": [
                     *           "image/jpeg",
                     *           "image/png",
                     *           "image/webp",
                     *           "image/gif",
                     *           "image/bmp",
                     *           "image/tiff",
                     *           "image/heic",
                     *           "image/heif",
                     *           "image/jxl"
                     *         ]
                     *       },
                     *       "status_url": "image/0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                     *     }
                     */
                    "application/json": components["schemas"]["UploadTicket"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["IdempotencyMismatch"];
            429: components["responses"]["QuotaExceeded"];
            default: components["responses"]["Failure"];
        };
    };
    renewUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new ticket. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Where the image's status is found, relative to this request's URL. */
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *       "upload": {
                     *         "method": "PUT",
                     *         "url": "https://originals.example.com/uploads/…?X-Amz-Signature=…",
                     *         "headers": {
                     *           "content-length": "4183294",
                     *           "content-type": "image/jpeg",
                     *           "if-none-match": "*",
                     *           "x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
                     *           "x-amz-server-side-encryption": "aws:kms",
                     *           "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:000000000000:key/…"
                     *         },
                     *         "expires_at": "2026-01-31T12:15:00Z"
                     *       },
                     *       "limits": {
                     *         "max_bytes": 52428800,
                     *         "max_side": 30000,
                     *         "max_pixels": 100000000,
                     *         "max_frames": 1000,
                     *         "content_types": [
                     *           "image/jpeg",
                     *           "image/png",
                     *           "image/webp",
                     *           "image/gif",
                     *           "image/bmp",
                     *           "image/tiff",
                     *           "image/heic",
                     *           "image/heif",
                     *           "image/jxl"
                     *         ]
                     *       },
                     *       "status_url": "image/0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                     *     }
                     */
                    "application/json": components["schemas"]["UploadTicket"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Arrived"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    createUploads: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request: a new one for each request, the same for each try. Within 24 hours the same key and
                 *     body give the same tickets: same images, same expiry, and nothing more counted. They are signed again, so the
                 *     URL may name another key of ours; tickets that have expired meanwhile are renewed at `POST /upload/{image_id}`.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "uploads": [
                 *         {
                 *           "filename": "Sunset at the lake.jpg",
                 *           "content_type": "image/jpeg",
                 *           "size_bytes": 4183294
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["UploadsRequest"];
            };
        };
        responses: {
            /** @description The tickets, in the order of the request. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tickets": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "upload": {
                     *             "method": "PUT",
                     *             "url": "https://originals.example.com/uploads/…?X-Amz-Signature=…",
                     *             "headers": {
                     *               "content-length": "4183294",
                     *               "content-type": "image/jpeg",
                     *               "if-none-match": "*"
                     *             },
                     *             "expires_at": "2026-01-31T12:15:00Z"
                     *           },
                     *           "limits": {
                     *             "max_bytes": 52428800,
                     *             "max_side": 30000,
                     *             "max_pixels": 100000000,
                     *             "max_frames": 1000,
                     *             "content_types": [
                     *               "image/jpeg",
                     *               "image/png",
                     *               "image/webp",
                     *               "image/gif",
                     *               "image/bmp",
                     *               "image/tiff",
                     *               "image/heic",
                     *               "image/heif",
                     *               "image/jxl"
                     *             ]
                     *           },
                     *           "status_url": "image/0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UploadTickets"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["IdempotencyMismatch"];
            429: components["responses"]["QuotaExceeded"];
            default: components["responses"]["Failure"];
        };
    };
    uppyParameters: {
        parameters: {
            query: {
                filename: components["schemas"]["Filename"];
                type: components["schemas"]["ContentType"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The form. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "method": "POST",
                     *       "url": "https://originals.example.com",
                     *       "fields": {
                     *         "key": "uploads/…",
                     *         "policy": "eyJleHBpcmF0aW9uIjoi…",
                     *         "x-amz-signature": "…"
                     *       },
                     *       "expires": 900,
                     *       "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                     *     }
                     */
                    "application/json": components["schemas"]["UppyParameters"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["QuotaExceeded"];
            default: components["responses"]["Failure"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Me"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    changeMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "display_name": "Ada",
                 *       "listed": true
                 *     }
                 */
                "application/json": components["schemas"]["Profile"];
            };
        };
        responses: {
            200: components["responses"]["Me"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account is closed, and is being erased. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "The account is closed, and everything in it is being erased."
                     *     }
                     */
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            /** @description The sign-in is older than five minutes. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "docs/ERRORS.md#Auth.SignInAgain",
                     *       "title": "This needs a sign-in within the last five minutes. Sign in again.",
                     *       "status": 403,
                     *       "code": "Auth.SignInAgain",
                     *       "request_id": "5f0c2a1e-6f55-4f0b-9d7d-0f5a3c1b2e4d"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    setWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.example.com/darkroom"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook, and its secret. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://hooks.example.com/darkroom",
                     *       "state": "active",
                     *       "created_at": "2026-01-31T12:00:07.25Z",
                     *       "updated_at": "2026-01-31T12:00:07.25Z",
                     *       "secret": "whsec_ZXhhbXBsZSBleGFtcGxlIGV4YW1wbGUgZXhhbXBsZSE="
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, and its secret. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://hooks.example.com/darkroom",
                     *       "state": "active",
                     *       "created_at": "2026-01-31T12:00:07.25Z",
                     *       "updated_at": "2026-01-31T12:00:07.25Z",
                     *       "secret": "whsec_ZXhhbXBsZSBleGFtcGxlIGV4YW1wbGUgZXhhbXBsZSE="
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result of the call, good or bad. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getImage: {
        parameters: {
            query?: {
                /** @description Only this variant, or a link to the original. Only the owner gets that link, to save the file rather than show it: the original is as it was uploaded, place and camera included. */
                size?: components["schemas"]["SizeOrOriginal"];
                /**
                 * @description Only variants in this format. A size that is not made in it is refused with 400.
                 *
                 *     `auto` chooses the format of each size by the `Accept` header of the request: the one of greatest weight, and
                 *     among equals AVIF before WebP, PNG and JPEG. A format that only a wildcard allows comes behind those that
                 *     the header names, so that `*\/*` gets the format that every program reads; so does a header that allows none
                 *     of them. The answer then says `vary: accept`.
                 */
                format?: components["schemas"]["Format"];
                /** @description Together with `size`, answer with 302 and the link itself once the photo is ready. */
                redirect?: boolean;
            };
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The photo is developed, or has the reason why not. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    etag: components["headers"]["ETag"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The photo has no outcome yet. Ask again after `retry-after` seconds. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "cache-control": components["headers"]["CacheControl"];
                    "retry-after": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The redirect that `redirect=true` asks for. */
            302: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "cache-control": components["headers"]["CacheControl"];
                    /** @description The link, a signed URL. Treat it as a secret while it lives. */
                    location: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The photo is deleted. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotNow"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    changeImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "caption": "Sunset at the lake",
                 *       "visibility": "public",
                 *       "album_id": "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21"
                 *     }
                 */
                "application/json": components["schemas"]["ImageChange"];
            };
        };
        responses: {
            /** @description The image as it is now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The timeline so far. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "event": "ticket_given",
                     *           "at": "2026-01-31T12:00:00Z"
                     *         },
                     *         {
                     *           "event": "photo_arrived",
                     *           "at": "2026-01-31T12:00:02Z"
                     *         },
                     *         {
                     *           "event": "processing",
                     *           "at": "2026-01-31T12:00:02Z",
                     *           "execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60"
                     *         },
                     *         {
                     *           "event": "ready",
                     *           "at": "2026-01-31T12:00:07Z",
                     *           "execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listSimilar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The similar photos; often none. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "distance": 2,
                     *           "image": {
                     *             "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *             "status": "ready",
                     *             "visibility": "private",
                     *             "created_at": "2026-01-31T12:00:00Z",
                     *             "updated_at": "2026-01-31T12:00:07Z",
                     *             "variants": {}
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SimilarImages"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotNow"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listImages: {
        parameters: {
            query?: {
                /** @description Up to fifty ids, each once, with commas between them. */
                ids?: components["parameters"]["Ids"];
                /** @description Only those of this status. */
                status?: components["schemas"]["Status"];
                /** @description Only those in this album of yours. */
                album_id?: string;
                /** @description Only those whose ticket was given on this day (UTC) or later. */
                from?: string;
                /** @description Only those whose ticket was given on this day (UTC) or earlier. */
                to?: string;
                /** @description The variant to which each photo has a link, or `all` of them. The default is the thumbnail. */
                size?: components["parameters"]["LinksOf"];
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ImagePage"];
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    changeImages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "image_ids": [
                 *         "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                 *       ],
                 *       "visibility": "public"
                 *     }
                 */
                "application/json": components["schemas"]["ImagesChange"];
            };
        };
        responses: {
            200: components["responses"]["ChangedImages"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    deleteImages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "image_ids": [
                 *         "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ImageIds"];
            };
        };
        responses: {
            /** @description The result for each photo, in the order of the request. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Seconds; present if a photo is `processing`. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "result": "deleted"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Deletions"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listMonths: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The months. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    etag: components["headers"]["ETag"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "month": "2026-01",
                     *           "count": 137
                     *         },
                     *         {
                     *           "month": "2025-12",
                     *           "count": 12
                     *         }
                     *       ],
                     *       "complete": true
                     *     }
                     */
                    "application/json": components["schemas"]["Months"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listPublicImages: {
        parameters: {
            query?: {
                /** @description The variant to which each photo has a link, or `all` of them. The default is the thumbnail. */
                size?: components["parameters"]["LinksOf"];
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ImagePage"];
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f",
                     *       "display_name": "Ada"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listUserImages: {
        parameters: {
            query?: {
                /** @description The variant to which each photo has a link, or `all` of them. The default is the thumbnail. */
                size?: components["parameters"]["LinksOf"];
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ImagePage"];
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listAlbums: {
        parameters: {
            query?: {
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of albums. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "album_id": "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21",
                     *           "title": "Summer at the lake",
                     *           "visibility": "link",
                     *           "created_at": "2026-01-31T12:00:00Z",
                     *           "updated_at": "2026-01-31T12:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AlbumPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    createAlbum: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Summer at the lake",
                 *       "visibility": "link"
                 *     }
                 */
                "application/json": components["schemas"]["NewAlbum"];
            };
        };
        responses: {
            /** @description The album. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Where it is found, relative to the API's URL. */
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "album_id": "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21",
                     *       "title": "Summer at the lake",
                     *       "visibility": "link",
                     *       "created_at": "2026-01-31T12:00:00Z",
                     *       "updated_at": "2026-01-31T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Album"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getAlbum: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The album. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "album_id": "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21",
                     *       "title": "Summer at the lake",
                     *       "visibility": "link",
                     *       "created_at": "2026-01-31T12:00:00Z",
                     *       "updated_at": "2026-01-31T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Album"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    deleteAlbum: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotNow"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    changeAlbum: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Summer",
                 *       "visibility": "public"
                 *     }
                 */
                "application/json": components["schemas"]["AlbumChange"];
            };
        };
        responses: {
            /** @description The album as it is now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "album_id": "0198c7b2-6b62-7d4f-8a1f-3c2e5d7b9f21",
                     *       "title": "Summer at the lake",
                     *       "visibility": "link",
                     *       "created_at": "2026-01-31T12:00:00Z",
                     *       "updated_at": "2026-01-31T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Album"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listAlbumImages: {
        parameters: {
            query?: {
                /** @description The variant to which each photo has a link, or `all` of them. The default is the thumbnail. */
                size?: components["parameters"]["LinksOf"];
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ImagePage"];
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    addToAlbum: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "image_ids": [
                 *         "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AddedImages"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    takeOutOfAlbum: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    listLinks: {
        parameters: {
            query?: {
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of links. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "link_id": "0198c7b2-7c73-7e5a-9b2a-4d3f6e8c0a32",
                     *           "url": "shared/Ahmkfh5wvMlRWt-kgPwvi_M70AaDl8eupZD_KNxJkvTzhGhGGsusVeIiLSk5ghQS5R0l3ZkElRmf6aZ6juJrrWt1KIvIj96TkhZfPYzMo6fXeZoEu-l1zca_NKPEKemrfQ",
                     *           "created_at": "2026-01-31T12:00:00Z",
                     *           "expires_at": "2026-02-07T12:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LinkPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    createLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in_seconds": 604800
                 *     }
                 */
                "application/json": components["schemas"]["NewLink"];
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Where it is found, relative to the API's URL. */
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "link_id": "0198c7b2-7c73-7e5a-9b2a-4d3f6e8c0a32",
                     *       "url": "shared/Ahmkfh5wvMlRWt-kgPwvi_M70AaDl8eupZD_KNxJkvTzhGhGGsusVeIiLSk5ghQS5R0l3ZkElRmf6aZ6juJrrWt1KIvIj96TkhZfPYzMo6fXeZoEu-l1zca_NKPEKemrfQ",
                     *       "created_at": "2026-01-31T12:00:00Z",
                     *       "expires_at": "2026-02-07T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ShareLink"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotNow"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    revokeLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                album_id: components["parameters"]["AlbumId"];
                link_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getShared: {
        parameters: {
            query?: {
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. Opaque, and valid for this list of yours only. */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The end of a share link's `url`. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Title and photos. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "title": "Summer at the lake",
                     *       "expires_at": "2026-02-07T12:00:00Z",
                     *       "items": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "status": "ready",
                     *           "caption": "Sunset at the lake",
                     *           "visibility": "private",
                     *           "created_at": "2026-01-31T12:00:00Z",
                     *           "updated_at": "2026-01-31T12:00:07Z",
                     *           "facts": {
                     *             "thumbhash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *             "dominant_color": "#c98b5a"
                     *           },
                     *           "variants": {
                     *             "medium": {
                     *               "url": "https://images.example.com/variants/…?X-Amz-Signature=…",
                     *               "expires_at": "2026-01-31T12:15:00Z",
                     *               "width": 768,
                     *               "height": 1024,
                     *               "bytes": 142336,
                     *               "content_type": "image/jpeg"
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SharedAlbum"];
                };
            };
            400: components["responses"]["Invalid"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queues, executions, failures, stages. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-01-31T12:00:07Z",
                     *       "days": 7,
                     *       "queues": [
                     *         {
                     *           "name": "uploads",
                     *           "waiting": 3,
                     *           "in_flight": 1,
                     *           "delayed": 0,
                     *           "dead_letters": 1,
                     *           "redrivable": true
                     *         },
                     *         {
                     *           "name": "webhooks",
                     *           "waiting": 0,
                     *           "in_flight": 0,
                     *           "delayed": 2,
                     *           "dead_letters": 0,
                     *           "redrivable": true
                     *         },
                     *         {
                     *           "name": "erasures",
                     *           "waiting": 0,
                     *           "in_flight": 0,
                     *           "delayed": 0,
                     *           "dead_letters": 0,
                     *           "redrivable": true
                     *         },
                     *         {
                     *           "name": "announcements",
                     *           "dead_letters": 0,
                     *           "redrivable": false
                     *         }
                     *       ],
                     *       "executions": [
                     *         {
                     *           "status": "running",
                     *           "count": 2,
                     *           "at_least": false
                     *         },
                     *         {
                     *           "status": "succeeded",
                     *           "count": 1000,
                     *           "at_least": true
                     *         },
                     *         {
                     *           "status": "failed",
                     *           "count": 1,
                     *           "at_least": false
                     *         },
                     *         {
                     *           "status": "timed_out",
                     *           "count": 0,
                     *           "at_least": false
                     *         },
                     *         {
                     *           "status": "aborted",
                     *           "count": 0,
                     *           "at_least": false
                     *         }
                     *       ],
                     *       "running_since": "2026-01-31T12:00:01.5Z",
                     *       "failures": [
                     *         {
                     *           "day": "2026-01-31",
                     *           "code": "Worker.Denied",
                     *           "count": 1
                     *         }
                     *       ],
                     *       "failures_complete": true,
                     *       "stages": [
                     *         {
                     *           "state": "Create variants",
                     *           "executions": 20,
                     *           "median_ms": 512,
                     *           "slowest_ms": 2210,
                     *           "slowest_execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60"
                     *         }
                     *       ],
                     *       "acts": [
                     *         {
                     *           "act": "redrive",
                     *           "by": "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f",
                     *           "at": "2026-01-31T11:58:00Z",
                     *           "queue": "uploads",
                     *           "asked": 10,
                     *           "moved": 4
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsOverview"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsExecutions: {
        parameters: {
            query?: {
                status?: components["schemas"]["OpsStatusFilter"];
                image_id?: string;
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of executions. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60",
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "status": "failed",
                     *           "started_at": "2026-01-31T12:00:01.5Z",
                     *           "stopped_at": "2026-01-31T12:00:07Z",
                     *           "duration_ms": 5500
                     *         }
                     *       ],
                     *       "next_cursor": "Ar08Q8D6GOjF5jomlgqa63DjUWw9kx-mAOx9PJ1xTqoU9TpZHBCTiEmtRRfR"
                     *     }
                     */
                    "application/json": components["schemas"]["OpsExecutionPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The execution. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-01-31T12:10:09Z",
                     *       "name": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60",
                     *       "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *       "status": "failed",
                     *       "outcome": "failed",
                     *       "started_at": "2026-01-31T12:00:01.5Z",
                     *       "stopped_at": "2026-01-31T12:00:07Z",
                     *       "duration_ms": 5500,
                     *       "error": {
                     *         "code": "Worker.Denied",
                     *         "cause": "read the original: 403 AccessDenied",
                     *         "release": "darkroom-dev-validate:7"
                     *       },
                     *       "version_id": "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY",
                     *       "size_bytes": 4183294,
                     *       "states": [
                     *         {
                     *           "name": "Validate image",
                     *           "type": "Task",
                     *           "status": "caught",
                     *           "entered_at": "2026-01-31T12:00:01.5Z",
                     *           "exited_at": "2026-01-31T12:00:06.5Z",
                     *           "duration_ms": 5000,
                     *           "retries": 1,
                     *           "attempts": [
                     *             {
                     *               "started_at": "2026-01-31T12:00:01.5Z",
                     *               "ended_at": "2026-01-31T12:00:02Z",
                     *               "duration_ms": 500,
                     *               "error": {
                     *                 "code": "Transient.Storage",
                     *                 "cause": "read the original: 503 SlowDown"
                     *               }
                     *             },
                     *             {
                     *               "started_at": "2026-01-31T12:00:06Z",
                     *               "ended_at": "2026-01-31T12:00:06.5Z",
                     *               "duration_ms": 500,
                     *               "error": {
                     *                 "code": "Worker.Denied",
                     *                 "cause": "read the original: 403 AccessDenied"
                     *               }
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "name": "Record failure",
                     *           "type": "Task",
                     *           "status": "succeeded",
                     *           "entered_at": "2026-01-31T12:00:06.5Z",
                     *           "exited_at": "2026-01-31T12:00:07Z",
                     *           "duration_ms": 500,
                     *           "retries": 0,
                     *           "attempts": [
                     *             {
                     *               "started_at": "2026-01-31T12:00:06.5Z",
                     *               "ended_at": "2026-01-31T12:00:07Z",
                     *               "duration_ms": 500
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "name": "Processing failed",
                     *           "type": "Fail",
                     *           "status": "failed",
                     *           "entered_at": "2026-01-31T12:00:07Z",
                     *           "retries": 0,
                     *           "attempts": []
                     *         }
                     *       ],
                     *       "complete": true,
                     *       "console_url": "https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/arn:…",
                     *       "logs_url": "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:logs-insights…",
                     *       "record": {
                     *         "status": "failed",
                     *         "created_at": "2026-01-31T12:00:00Z",
                     *         "arrived_at": "2026-01-31T12:00:01Z",
                     *         "began_at": "2026-01-31T12:00:01Z",
                     *         "updated_at": "2026-01-31T12:00:07Z",
                     *         "version_execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60",
                     *         "outcome": "failed",
                     *         "outcome_at": "2026-01-31T12:00:06.5Z",
                     *         "code": "Worker.Denied",
                     *         "stage": "validate",
                     *         "message": "read the original: 403 AccessDenied",
                     *         "release": "darkroom-dev-validate:7",
                     *         "execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60",
                     *         "docs": "docs/ERRORS.md#Worker.Denied"
                     *       },
                     *       "deliveries": [
                     *         {
                     *           "at": "2026-01-31T12:00:08Z",
                     *           "event": "Image Failed",
                     *           "attempt": 1,
                     *           "result": "refused",
                     *           "status": 503,
                     *           "reason": "status",
                     *           "again_in_s": 5
                     *         }
                     *       ],
                     *       "acts": [
                     *         {
                     *           "act": "restart",
                     *           "by": "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f",
                     *           "at": "2026-01-31T12:10:00Z",
                     *           "execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60",
                     *           "started": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60-2"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsExecutionDetail"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRestart: {
        parameters: {
            query?: {
                /** @description Start it only if the record has this status, else answer 409. */
                if_status?: "rejected";
            };
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The execution runs. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Where the new execution is found, relative to this request's URL. */
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60-2",
                     *       "restarted_from": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60"
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRestarted"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StillRuns"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsFailures: {
        parameters: {
            query?: {
                /** @description How many days back, today (UTC) included. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts by code and day, and the newest fifty failures of these. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "days": 7,
                     *       "counts": [
                     *         {
                     *           "day": "2026-01-31",
                     *           "code": "Worker.Denied",
                     *           "count": 1
                     *         }
                     *       ],
                     *       "complete": true,
                     *       "items": [
                     *         {
                     *           "name": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60",
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "status": "failed",
                     *           "code": "Worker.Denied",
                     *           "cause": "read the original: 403 AccessDenied",
                     *           "release": "darkroom-dev-validate:7",
                     *           "state": "Validate image",
                     *           "started_at": "2026-01-31T12:00:01.5Z",
                     *           "stopped_at": "2026-01-31T12:00:07Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsFailures"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsImage: {
        parameters: {
            query?: {
                /** @description The photo's owner. Imports belong to `operator`. */
                owner_id?: string;
            };
            header?: never;
            path: {
                /** @description From the upload ticket. */
                image_id: components["parameters"]["ImageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record, or when the photo was deleted, or both while it is being deleted. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-01-31T12:00:09Z",
                     *       "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *       "record": {
                     *         "status": "processing",
                     *         "created_at": "2026-01-31T12:00:00Z",
                     *         "arrived_at": "2026-01-31T12:00:01Z",
                     *         "began_at": "2026-01-31T12:00:01Z",
                     *         "updated_at": "2026-01-31T12:00:01Z",
                     *         "version_execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60"
                     *       },
                     *       "deliveries": []
                     *     }
                     */
                    "application/json": components["schemas"]["OpsImage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsMachine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The graph, for drawing. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "start_at": "Validate image",
                     *       "states": [
                     *         {
                     *           "name": "Validate image",
                     *           "type": "Task",
                     *           "function": "validate",
                     *           "comment": "Reads the header and decides whether this is a picture, and one within the limits."
                     *         },
                     *         {
                     *           "name": "Processing failed",
                     *           "type": "Fail",
                     *           "comment": "An operator must act."
                     *         }
                     *       ],
                     *       "edges": [
                     *         {
                     *           "from": "Validate image",
                     *           "to": "Processing failed",
                     *           "kind": "catch",
                     *           "errors": [
                     *             "States.ALL"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsMachine"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRejected: {
        parameters: {
            query?: {
                /** @description Only photos that were rejected for this reason. */
                code?: components["schemas"]["RejectionCode"];
                /** @description Only photos that were rejected from this second on. */
                since?: string;
                /** @description The highest number of items in a page. */
                limit?: components["parameters"]["Limit"];
                /** @description The `next_cursor` of the page before, asked for with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rejected photos. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "rejected_at": "2026-01-31T12:00:02.250Z",
                     *           "code": "Image.Corrupt",
                     *           "stage": "resize",
                     *           "message": "the JPEG ends early",
                     *           "execution": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10-4f2d9a7c1b3e5d60"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRejectedPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRedrive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue that gets its dead letters back. */
                name: components["schemas"]["OpsRedrivable"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "count": 10
                 *     }
                 */
                "application/json": components["schemas"]["OpsRedrive"];
            };
        };
        responses: {
            /** @description Sent back. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queue": "uploads",
                     *       "moved": 1,
                     *       "looked_at": 1,
                     *       "dry_run": false,
                     *       "letters": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "sent_at": "2026-01-31T12:00:01Z",
                     *           "received": 101,
                     *           "record": "processing"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRedriven"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "bucket": "holiday-photos",
                 *       "prefix": "2019/",
                 *       "owner": "ada@example.com",
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["OpsImportRequest"];
            };
        };
        responses: {
            /** @description What an import would bring. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "holiday-photos-0f3a9c1b7d2e4f60",
                     *       "owner_id": "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f",
                     *       "counted": {
                     *         "photos": 2000,
                     *         "bytes": 7000000000,
                     *         "empty": 1,
                     *         "too_large": 2
                     *       },
                     *       "photos_per_second": 40,
                     *       "usd_per_photo": 0.0003
                     *     }
                     */
                    "application/json": components["schemas"]["OpsImportCount"];
                };
            };
            /** @description The import runs. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Where the import is found, relative to this request's URL. */
                    location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "holiday-photos-0f3a9c1b7d2e4f60",
                     *       "run": 1,
                     *       "execution": "holiday-photos-0f3a9c1b7d2e4f60-1"
                     *     }
                     */
                    "application/json": components["schemas"]["OpsImportRun"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotNow"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsImportReport: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                /** @description The name of an import. */
                name: components["parameters"]["ImportName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import, and a page of what it refused. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "holiday-photos-0f3a9c1b7d2e4f60",
                     *       "bucket": "holiday-photos",
                     *       "prefix": "2019/",
                     *       "owner_id": "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f",
                     *       "run": 1,
                     *       "by": "7b0e4a52-5d6c-4a1f-8a38-1c2d3e4f5a6b",
                     *       "started_at": "2026-01-31T12:00:07.250Z",
                     *       "execution": "holiday-photos-0f3a9c1b7d2e4f60-1",
                     *       "status": "running",
                     *       "counts": {
                     *         "ready": 512,
                     *         "known": 0,
                     *         "refused": 1,
                     *         "rejected": 1,
                     *         "failed": 0,
                     *         "late": 0,
                     *         "bytes": 1800000000
                     *       },
                     *       "refused": [
                     *         {
                     *           "image_id": "01670000-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "key": "2019/broken.jpg",
                     *           "size_bytes": 70000,
                     *           "reason": "rejected",
                     *           "code": "Image.Corrupt"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsImport"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsStopImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an import. */
                name: components["parameters"]["ImportName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It ends within a minute. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "holiday-photos-0f3a9c1b7d2e4f60",
                     *       "run": 1,
                     *       "execution": "holiday-photos-0f3a9c1b7d2e4f60-1"
                     *     }
                     */
                    "application/json": components["schemas"]["OpsImportRun"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsSweep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["OpsSweep"];
            };
        };
        responses: {
            /** @description What was done, or would be. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-01-31T12:00:07Z",
                     *       "dry_run": true,
                     *       "steps": {
                     *         "leave": 2,
                     *         "finish_deletion": 1
                     *       },
                     *       "errors": 0,
                     *       "left": 0,
                     *       "photos": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "step": "finish_deletion",
                     *           "why": "its deletion broke off"
                     *         }
                     *       ],
                     *       "drift": {
                     *         "began_at": "2026-01-31T12:00:07Z",
                     *         "ended_at": "2026-01-31T12:00:07Z",
                     *         "records": 120,
                     *         "objects": 245,
                     *         "found": [
                     *           {
                     *             "kind": "original_of_deleted",
                     *             "count": 1,
                     *             "example": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e11",
                     *             "why": "the photo was deleted, and its original is there",
                     *             "remedy": "hide"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OpsSwept"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRerenders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "20260131-120007-1a2b3c4d",
                     *           "status": "running",
                     *           "started_at": "2026-01-31T12:00:07Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRerenders"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRerender: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["OpsRerender"];
            };
        };
        responses: {
            /** @description What a re-render would do. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dry_run": true,
                     *       "recipe": "3f0b5c0a4f7d1f0f7a1c0f1e4d9f1b6f0f9f6f7a5a0d4f0c8a9d2f3b4c5d6e7f",
                     *       "looked_at": 1200,
                     *       "photos": 1187,
                     *       "bytes": 4154500000,
                     *       "pixels": 14244000000,
                     *       "complete": true,
                     *       "at_once": 12
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRerenderExpected"];
                };
            };
            /** @description It has begun. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description Its status. */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dry_run": false,
                     *       "name": "20260131-120007-1a2b3c4d",
                     *       "recipe": "3f0b5c0a4f7d1f0f7a1c0f1e4d9f1b6f0f9f6f7a5a0d4f0c8a9d2f3b4c5d6e7f"
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRerenderStarted"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotNow"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRerenderStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-01-31T12:10:07Z",
                     *       "name": "20260131-120007-1a2b3c4d",
                     *       "status": "running",
                     *       "started_at": "2026-01-31T12:00:07Z",
                     *       "recipe": "3f0b5c0a4f7d1f0f7a1c0f1e4d9f1b6f0f9f6f7a5a0d4f0c8a9d2f3b4c5d6e7f",
                     *       "items": {
                     *         "total": 1187,
                     *         "pending": 600,
                     *         "running": 12,
                     *         "succeeded": 574,
                     *         "failed": 1,
                     *         "aborted": 0
                     *       },
                     *       "failed": [
                     *         {
                     *           "image_id": "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10",
                     *           "code": "Transient.Storage",
                     *           "stage": "resize",
                     *           "at": "2026-01-31T12:03:07Z"
                     *         }
                     *       ],
                     *       "failed_complete": true
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRerenderStatus"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    opsRerenderStop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of an execution, which begins with its image's id. */
                name: components["parameters"]["ExecutionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stopped. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "20260131-120007-1a2b3c4d",
                     *       "was": "running"
                     *     }
                     */
                    "application/json": components["schemas"]["OpsRerenderStopped"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API answers. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "version": "0.1.0",
                     *       "commit": "9800a45f21c3"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Invalid"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `etag` of an earlier answer. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    etag: components["headers"]["ETag"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.0.3",
                     *       "info": {
                     *         "title": "Darkroom",
                     *         "version": "0.1.0"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": components["schemas"]["OpenApi"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            429: components["responses"]["Throttled"];
            default: components["responses"]["Failure"];
        };
    };
}
