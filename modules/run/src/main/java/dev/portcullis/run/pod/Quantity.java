package dev.portcullis.run.pod;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A quantity of Kubernetes: `500m`, `64Mi`, `1.5`, `1e3` (`k8s.io/apimachinery/pkg/api/resource`).
final class Quantity {
  private static final Pattern FORM =
      Pattern.compile("([+-]?(?:[0-9]{1,18}(?:\\.[0-9]{0,18})?|\\.[0-9]{1,18}))(.{0,6})");
  private static final Pattern EXPONENT = Pattern.compile("[eE][+-]?[0-9]{1,2}");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.ONE.movePointRight(3)),
          Map.entry("M", BigDecimal.ONE.movePointRight(6)),
          Map.entry("G", BigDecimal.ONE.movePointRight(9)),
          Map.entry("T", BigDecimal.ONE.movePointRight(12)),
          Map.entry("P", BigDecimal.ONE.movePointRight(15)),
          Map.entry("E", BigDecimal.ONE.movePointRight(18)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private Quantity() {}

  /// The value; null where the text is no quantity.
  static @Nullable BigDecimal parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(form.group(1));
    String suffix = form.group(2);
    if (EXPONENT.matcher(suffix).matches()) {
      return number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
    }
    BigDecimal unit = UNITS.get(suffix);
    return unit == null ? null : number.multiply(unit);
  }

  /// Whole units, upwards, as Kubernetes rounds; at most the largest long.
  static long whole(BigDecimal value) {
    BigDecimal rounded = value.setScale(0, RoundingMode.UP);
    return rounded.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
        ? Long.MAX_VALUE
        : rounded.longValueExact();
  }
}
