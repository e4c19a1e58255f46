package io.millrace.ingest.signaling.calls;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.millrace.ingest.signaling.relay.Rooms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesisvideosignaling.model.SendAlexaOfferToMasterRequest;
import software.amazon.awssdk.services.kinesisvideosignaling.model.SendAlexaOfferToMasterResponse;

/**
 * Offers of clients without a WebSocket: the call lasts until the master has answered, at most as
 * long as the channel keeps messages.
 */
public final class AlexaOffers {
  private final Vertx vertx;
  private final ChannelNames names;
  private final Rooms rooms;

  public AlexaOffers(Vertx vertx, ChannelNames names, Rooms rooms) {
    this.vertx = vertx;
    this.names = names;
    this.rooms = rooms;
  }

  /** Registers the operation. */
  public void register(OperationRouter router) {
    router
        .service("kinesis-video-signaling")
        .operation("SendAlexaOfferToMaster", SendAlexaOfferToMasterRequest::builder, this::offer);
  }

  private Future<SendAlexaOfferToMasterResponse> offer(
      OperationContext context, SendAlexaOfferToMasterRequest request) {
    Channel channel = names.resolve(null, request.channelARN());
    if (channel.storage().isPresent()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "The media of the channel are stored; its master takes no offers of others.");
    }
    String sender = request.senderClientId();
    CompletableFuture<String> answer = rooms.offer(channel, sender, request.messagePayload());
    int seconds = channel.messageTtlSeconds();
    long timer =
        vertx.setTimer(
            seconds * 1000L,
            late ->
                answer.completeExceptionally(
                    AwsError.RESOURCE_NOT_FOUND.because(
                        "No master answered within %d s".formatted(seconds))));
    return context
        .onContext(answer)
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              rooms.forget(channel, sender, answer);
            })
        .map(text -> SendAlexaOfferToMasterResponse.builder().answer(text).build());
  }
}
