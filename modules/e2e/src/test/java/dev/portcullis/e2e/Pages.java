package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Mapping;

/// What every page of ours is, in a real browser.
final class Pages {
  /// Texts whose contrast with what is behind them is below 4.5, as WCAG 2.2 (1.4.3) measures it.
  private static final String FAINT =
      """
      (() => {
        const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
        const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
        const parse = s => (s.match(/[0-9.]+/g) || []).map(Number);
        const behind = e => {
          for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length === 3 || c[3] > 0) return c;
          }
          return [255, 255, 255];
        };
        const faint = [];
        let seen = 0;
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const e = texts.currentNode.parentElement;
          if (!texts.currentNode.data.trim() || !e.getClientRects().length) continue;
          seen++;
          const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) faint.push(e.className + ' ' + texts.currentNode.data.trim() + ' ' + ratio.toFixed(2));
        }
        return seen < 100 ? 'only ' + seen + ' texts' : [...new Set(faint)].join('; ');
      })()
      """;

  private Pages() {}

  /// Nothing was said on the console or in a dialogue, and nothing was loaded but the page itself.
  static void assertQuiet(Chromium chromium) {
    assertThat(chromium.events("Log.entryAdded")).isEmpty();
    assertThat(chromium.events("Runtime.consoleAPICalled")).isEmpty();
    assertThat(chromium.events("Runtime.exceptionThrown")).isEmpty();
    assertThat(chromium.events("Page.javascriptDialogOpening")).isEmpty();
    assertThat(
            chromium.events("Network.requestWillBeSent").stream()
                .map(Pages::address)
                // A picture in the page.
                .filter(it -> !it.startsWith("data:")))
        .hasSize(1);
  }

  private static String address(Mapping event) {
    return new Tree(event).at("params").at("request").text("url");
  }

  /// Every text can be told from what is behind it.
  static void assertLegible(Chromium chromium) throws Exception {
    assertThat(chromium.evaluate(FAINT)).isEmpty();
  }

  /// Nobody has to move the page sideways.
  static void assertNoWiderThanTheWindow(Chromium chromium) throws Exception {
    assertThat(chromium.evaluate("document.documentElement.scrollWidth - window.innerWidth > 0"))
        .as(chromium.evaluate("location.href"))
        .isEqualTo("false");
  }
}
