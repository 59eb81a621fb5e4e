package dev.portcullis.admission.certificate;

import java.io.IOException;
import java.io.StringReader;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/// Keys as openssl wrote them before PKCS#8: PKCS#1 for RSA, SEC 1 for elliptic curves. The JDK
/// reads neither.
final class OldKeyFormat {
  private OldKeyFormat() {}

  static byte[] asPkcs8(String source, String block) throws UnusableException {
    try (PEMParser parser = new PEMParser(new StringReader(block))) {
      if (parser.readObject() instanceof PEMKeyPair pair && pair.getPrivateKeyInfo() != null) {
        return pair.getPrivateKeyInfo().getEncoded();
      }
    } catch (IOException e) {
      throw new UnusableException("the private key in " + source + " is damaged", e);
    }
    throw new UnusableException("the private key in " + source + " is damaged");
  }
}
