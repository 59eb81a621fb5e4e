package dev.portcullis.profiles.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AbilitiesTest {
  private static final List<Ability> ALL = Abilities.load();

  @Test
  void eachIsAskedOnce() {
    assertThat(ALL).hasSizeGreaterThan(20);
    assertThat(ALL).extracting(Ability::id).doesNotHaveDuplicates();
    assertThat(ALL).extracting(Ability::title).doesNotHaveDuplicates();
    assertThat(ALL).allMatch(each -> each.id().matches("[a-z][a-z-]*"));
  }

  /// A capability is not asked of a filter, and there are few conditions.
  @Test
  void eachWayIsACall() {
    assertThat(ALL)
        .flatExtracting(Ability::ways)
        .noneMatch(way -> way instanceof Need.Capability)
        .allMatch(way ->
            !(way instanceof Need.Calls calls)
                || CallPattern.of(
                        calls,
                        Machine.NUMBERS.machine(),
                        Machine.NUMBERS.of(Machine.NUMBERS.machine()))
                    .isPresent());
  }
}
