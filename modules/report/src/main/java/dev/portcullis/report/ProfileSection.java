package dev.portcullis.report;

import dev.portcullis.report.ProfilePicture.AbilityWord;
import dev.portcullis.report.ProfilePicture.CallGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Each profile as a picture: what it does with the groups of system calls.
record ProfileSection(SeccompReport report) {
  private static final int MOST_CARDS = 12;
  private static final int MOST_NAMES = 40;
  private static final int UNIT = 5;

  void write(Markup page) {
    List<ProfilePicture> sorted =
        report.profiles().stream()
            .sorted(
                Comparator.comparingInt(
                        (ProfilePicture each) -> Math.max(each.today(), each.withPortcullis()))
                    .reversed())
            .toList();
    page.open("section", "id", "profiles").element("h2", "Profiles").line();
    page.open("p", "class", "lead")
        .text(
            sorted.isEmpty()
                ? "No container runs under a profile."
                : "What each profile lets through, by groups of system calls. A bar has one step"
                    + " for each call that the architecture has.")
        .text(
            sorted.size() > MOST_CARDS
                ? " Shown are the "
                    + MOST_CARDS
                    + " of "
                    + sorted.size()
                    + " that most containers have."
                : "")
        .close("p");
    if (!sorted.isEmpty()) {
      key(page);
    }
    sorted.stream().limit(MOST_CARDS).forEach(each -> card(each, page));
    if (sorted.size() > MOST_CARDS) {
      page.open("details").element("summary", "The other profiles").open("ul");
      sorted.stream()
          .skip(MOST_CARDS)
          .limit(200)
          .forEach(each ->
              page.open("li")
                  .element("code", Words.shortened(each.name()))
                  .text(": " + each.relation().words() + "; " + use(each))
                  .close("li"));
      page.close("ul").close("details");
    }
    page.close("section").line();
  }

  private static void key(Markup page) {
    page.open("ul", "class", "key");
    for (String[] each :
        new String[][] {
          {"allowed", "allowed"},
          {"by-arguments", "by arguments: some pass, others do not"},
          {"asked", "another process decides"},
          {"denied", "denied"}
        }) {
      page.open("li");
      HtmlPage.swatch(each[0], page);
      page.text(each[1]).close("li");
    }
    page.close("ul");
  }

  private static String use(ProfilePicture profile) {
    return Words.count(profile.today(), "container")
        + " today, "
        + Words.number(profile.withPortcullis())
        + " with Portcullis";
  }

  private static void card(ProfilePicture profile, Markup page) {
    page.open("article", "class", "card profile-card");
    page.open("div", "class", "profile-head");
    page.open("h3").element("code", Words.shortened(profile.name())).close("h3");
    page.element(
        "span", profile.relation().words(), "class", "badge relation-" + profile.relation().id());
    page.close("div");
    page.open("p", "class", "under").text(use(profile));
    if (!profile.content().isEmpty()) {
      page.text(". Content: ").element("code", Words.shortened(profile.content()));
    }
    page.close("p");
    if (!profile.unknown().isEmpty()) {
      page.element("p", "Not known: " + Words.shortened(profile.unknown()));
    }
    if (!profile.groups().isEmpty()) {
      abilities(profile.abilities(), page);
      more(profile, page);
      groups(profile, page);
    }
    page.close("article").line();
  }

  private static void more(ProfilePicture profile, Markup page) {
    if (!profile.more().isEmpty()) {
      page.open("p")
          .element("strong", "Lets pass what the default denies: ")
          .text(Words.list(profile.more(), MOST_NAMES))
          .close("p");
    }
  }

  private static void abilities(List<AbilityWord> abilities, Markup page) {
    page.open("dl", "class", "abilities");
    for (String[] each :
        new String[][] {
          {"allowed", "Lets a process do"},
          {"by-arguments", "By arguments"},
          {"asked", "Another process decides"},
          {"unknown", "Not known"},
          {"denied", "Denies"}
        }) {
      List<String> titles =
          abilities.stream()
              .filter(ability -> ability.outcome().equals(each[0]))
              .map(AbilityWord::title)
              .toList();
      if (!titles.isEmpty()) {
        page.element("dt", each[1]).open("dd");
        titles.forEach(
            title -> page.element("span", title, "class", "chip chip-" + each[0]).text(" "));
        page.close("dd");
      }
    }
    page.close("dl");
  }

  private static void groups(ProfilePicture profile, Markup page) {
    page.open(
        "ul", "class", "groups", "aria-label", "groups of calls on " + profile.architecture());
    for (CallGroup group : profile.groups()) {
      page.open("li").element("span", group.name(), "class", "group", "title", group.title());
      bar(group, page);
      page.element("span", counts(group), "class", "counts").close("li");
    }
    page.close("ul");
    page.open("details").element("summary", "Calls by name, on " + profile.architecture());
    page.open("dl", "class", "calls");
    for (CallGroup group : profile.groups()) {
      page.element("dt", group.name() + ": " + group.title());
      names("allowed", group.allowed(), page);
      names("by arguments", group.byArguments(), page);
      names("another process decides", group.asked(), page);
      names("denied", group.denied(), page);
    }
    page.close("dl").close("details");
  }

  private static void names(String word, List<String> names, Markup page) {
    if (!names.isEmpty()) {
      page.open("dd").element("em", word + ": ").text(String.join(", ", names)).close("dd");
    }
  }

  private static String counts(CallGroup group) {
    List<String> parts = new ArrayList<>();
    parts.add(group.allowed().size() + "/" + group.size());
    if (!group.byArguments().isEmpty()) {
      parts.add(group.byArguments().size() + " by arguments");
    }
    if (!group.asked().isEmpty()) {
      parts.add(group.asked().size() + " asked");
    }
    return String.join(", ", parts);
  }

  private static void bar(CallGroup group, Markup page) {
    page.open(
        "svg",
        "class",
        "calls",
        "width",
        Integer.toString(group.size() * UNIT),
        "height",
        "12",
        "role",
        "img",
        "aria-label",
        group.allowed().size()
            + " allowed, "
            + group.byArguments().size()
            + " by arguments, "
            + group.asked().size()
            + " decided by another process, "
            + group.denied().size()
            + " denied");
    int at = part("allowed", group.allowed().size(), 0, page);
    at = part("by-arguments", group.byArguments().size(), at, page);
    at = part("asked", group.asked().size(), at, page);
    part("denied", group.denied().size(), at, page);
    page.close("svg");
  }

  /// Steps of one kind, with a gap between them.
  ///
  /// @return where the next begins
  private static int part(String style, int count, int from, Markup page) {
    if (count > 0) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < count; i++) {
        path.append('M').append((from + i) * UNIT).append(" 0h4v12h-4z");
      }
      page.open("path", "class", "fill-" + style, "d", path.toString()).close("path");
    }
    return from + count;
  }
}
