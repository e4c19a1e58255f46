package io.millrace.api.shape;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.api.constraint.ConstraintCheck;
import io.millrace.api.constraint.ConstraintTable;
import io.millrace.api.error.AwsException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ListFragmentsRequest;
import software.amazon.awssdk.utils.builder.SdkBuilder;

class PojoReaderFuzzTest {
  private static final PojoReader READER = new PojoReader(new ReadLimits(32, 1 << 20, 500_000));
  private static final ConstraintCheck CHECK = new ConstraintCheck(ConstraintTable.load());

  @FuzzTest(maxDuration = "30s")
  void bytesAreReadOrRefused(byte[] body) {
    read(body, CreateStreamRequest.builder());
    read(body, ListStreamsRequest.builder());
    read(body, ListFragmentsRequest.builder());
    read(body, GetImagesRequest.builder());
  }

  private static <B extends SdkPojo & SdkBuilder<B, ? extends SdkPojo>> void read(
      byte[] body, B builder) {
    try {
      READER.read(BodyFormat.JSON, body, builder);
      SdkPojo request = builder.build();
      CHECK.check(request);
      PojoWriter.json(request);
    } catch (AwsException refused) {
      // The only failure a client may cause.
    }
  }
}
