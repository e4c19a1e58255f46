package io.millrace.ingest.signaling.control;

import io.millrace.api.arn.ChannelArn;
import io.millrace.api.error.AwsError;
import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.Channels;
import org.jspecify.annotations.Nullable;

/** Finds the channel that a request names, by name or by ARN. */
public final class ChannelNames {
  private final Channels channels;
  private final ControlSettings settings;

  /**
   * @param settings region and account of this server
   */
  public ChannelNames(Channels channels, ControlSettings settings) {
    this.channels = channels;
    this.settings = settings;
  }

  /**
   * The channel.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT when neither is given or they name
   *     two channels; RESOURCE_NOT_FOUND, also for the ARN of a channel's former life
   */
  public Channel resolve(@Nullable String name, @Nullable String arn) {
    if (arn == null) {
      if (name == null) {
        throw AwsError.INVALID_ARGUMENT.because(
            "Either ChannelName or ChannelARN must be specified.");
      }
      return channels.find(name).orElseThrow(Channels::notFound);
    }
    ChannelArn parsed = ChannelArn.parse(arn);
    if (name != null && !name.equals(parsed.name())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "ChannelName and ChannelARN name two different channels.");
    }
    return channels
        .find(parsed.name())
        .filter(channel -> channel.createdMillis() == parsed.createdMillis())
        .orElseThrow(Channels::notFound);
  }

  /** The ARN of a channel. */
  public String arn(Channel channel) {
    return new ChannelArn(
            settings.region(), settings.account(), channel.name(), channel.createdMillis())
        .toString();
  }
}
